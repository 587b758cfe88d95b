"""Figures of endpoints, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration, Need

_BINARY, _SURVIVAL = ("binary",), ("survival",)
_EVERY_KIND = _BINARY + _SURVIVAL
_PREDICTIVE = ("predictive",)
_COMPETING = ("competing",)

OF_ENDPOINTS = (
    FigureDeclaration(
        name="performance",
        title="Discrimination",
        legend="All arms in repeated cross-validation and with each group left out "
        "once; the headline arm also within groups and in each group that was left "
        "out. Band: central 95 % of the results with the outcome permuted within "
        "groups; dashed line: chance.",
        caption="Discrimination of all arms with intervals, chance and null band.",
        alternative="Forest plot: one line per arm and scheme with estimate and "
        "interval. The numbers are in the table of discrimination.",
        category="Models",
        section="endpoint-{endpoint}",
        after="",
        sources=("performance",),
        endpoint_kinds=_EVERY_KIND,
    ),
    FigureDeclaration(
        name="roc",
        title="ROC curves",
        legend="Curves of the evaluation folds of the repeated cross-validation, "
        "averaged at equal false-positive rates; the AUC and its interval are those of "
        "the performance table. Marks: operating points of the headline arm, on "
        "evaluation subjects.",
        caption="Mean ROC curves of the arms over the evaluation folds.",
        alternative="Curves of true- against false-positive rate, one per arm. The "
        "areas under the curves are in the table of discrimination.",
        category="Models",
        section="endpoint-{endpoint}",
        after="comparisons",
        sources=("performance",),
        endpoint_kinds=_BINARY,
    ),
    FigureDeclaration(
        name="kaplan_meier",
        title="Risk groups",
        legend="Kaplan-Meier curves of the groups that the headline arm predicts in "
        "the first repeat of the cross-validation. Each subject is grouped by "
        "cuts that were chosen in a development set that does not hold it. Bands: "
        "pointwise confidence (log-log); below: subjects at risk. The p-value is that "
        "of permuted outcomes; of a declared evaluation set, which nobody of the "
        "development set is in, that of the log-rank test.",
        caption="Observed course of the risk groups predicted by the headline arm.",
        alternative="Survival curves of the risk groups with "
        "confidence bands and, below, numbers at risk.",
        category="Models",
        section="endpoint-{endpoint}",
        after="comparisons",
        sources=("performance",),
        endpoint_kinds=_SURVIVAL,
    ),
    FigureDeclaration(
        name="cumulative_incidence",
        title="Cumulative incidence of each cause",
        legend="Aalen-Johansen estimate of the probability that each cause has come "
        "first, in the risk groups that the headline arm predicts in the first repeat "
        "of the cross-validation. Each subject is grouped by cuts that were chosen in "
        "a development set that does not hold it. Bands: pointwise confidence "
        "(log-log); below: subjects without any event.",
        caption="Cumulative incidence of each cause in the risk groups predicted by "
        "the headline arm.",
        alternative="Curves of cumulative incidence, one panel per cause and one curve "
        "per risk group, with confidence bands and, below, numbers at risk. Values at "
        "some times are in the table of cumulative incidence.",
        category="Models",
        section="endpoint-{endpoint}",
        after="competing_incidence",
        sources=("competing_incidence",),
        endpoint_kinds=_COMPETING,
    ),
    FigureDeclaration(
        name="competing_effects",
        title="Effects on hazard and incidence",
        legend="Hazard ratios of each covariate and factor alone, on each cause: of "
        "the cause-specific hazard (Cox), which tells what acts on the event itself, "
        "and of the subdistribution hazard (Fine-Gray), which tells who will have the "
        "event. Scores of arms have no interval, because their models learnt from the "
        "outcomes of other subjects.",
        caption="Cause-specific against subdistribution hazard ratios, by cause.",
        alternative="Forest plot, one panel per cause and one line per variable with "
        "both hazard ratios and their intervals. The numbers are in the table of "
        "effects.",
        category="Models",
        section="endpoint-{endpoint}",
        after="competing_effects",
        sources=("competing_effects",),
        endpoint_kinds=_COMPETING,
        aggregate=True,
    ),
    FigureDeclaration(
        name="selection",
        title="Selected features",
        legend="How often the headline arm selected a feature over all fits, and the "
        "mean of its coefficient where selected (per standard deviation; a penalty "
        "shrinks it).",
        caption="Features that the headline arm selects most often.",
        alternative="Left: bars of selection frequency of up to 15 features. Right: "
        "their mean coefficients. The numbers are in the table of selected features.",
        category="Models",
        section="endpoint-{endpoint}",
        after="comparisons",
        sources=("selection",),
        needs=(Need.FEATURES,),
        endpoint_kinds=_EVERY_KIND,
        aggregate=True,
    ),
    FigureDeclaration(
        name="tuning_path",
        title="Tuning",
        legend="Left: deviance of the subjects held out in the inner folds against the "
        "penalty, one line for each development set of the first repeat, with one "
        "standard error; points: chosen. Right: how often each value of the other "
        "tuned options was chosen.",
        caption="Deviance in inner folds along the penalty, and the settings chosen.",
        alternative="Left, curves of deviance against the penalty with the chosen "
        "points; right, bars of how often each option was chosen. The numbers are in "
        "the table of tuning.",
        category="Models",
        section="endpoint-{endpoint}",
        after="tuning",
        sources=("tuning",),
        needs=(Need.TUNING,),
        endpoint_kinds=_EVERY_KIND,
        aggregate=True,
    ),
    FigureDeclaration(
        name="treatment_effect",
        title="Treatment effect by marker",
        legend="Hazard or odds ratio of treated subjects against controls over each "
        "declared marker, in the order of the configuration, up to six: a straight "
        "line in the marker with its pointwise band and, dashed, a restricted cubic "
        "spline; of a category, its levels. Ticks: the marker in treated subjects "
        "above, in controls below. Grey line: no effect. A treatment that was not "
        "randomized was chosen by somebody, and the figure shows no effect of it.",
        caption="Treated against control over each marker, with the p-value of the "
        "interaction and the one that counts all markers.",
        alternative="One panel per marker: ratio of treated and control on a "
        "logarithmic axis over the marker, with a band. The ratios by treatment are in "
        "the table of marker effects.",
        category="Models",
        section="treatment-{endpoint}",
        after="marker_effects",
        sources=("interaction",),
        endpoint_kinds=_PREDICTIVE,
    ),
    FigureDeclaration(
        name="prediction_agreement",
        title="Agreement of predictions",
        legend="The models of the headline arm, fitted to segmentations of the "
        "reference reader, score the evaluation subjects by the segmentations of each "
        "other reader. Above: standard scores, in SD of the scores in development from "
        "the cut of the risk groups; subjects that change their group are marked. "
        "Below: differences of the linear predictor with bias and 95 % limits of "
        "agreement.",
        caption="Scores of the headline arm by the segmentations of each reader, with "
        "limits of agreement and changes of the risk group.",
        alternative="Above, scores by one reader against those by the reference "
        "reader; below, their differences. The numbers are in the table of agreement "
        "of predictions.",
        category="Models",
        section="readers",
        after="prediction_agreement",
        sources=("prediction_agreement",),
        needs=(Need.READER_PREDICTIONS,),
        endpoint_kinds=_EVERY_KIND,
    ),
)
