"""Figures of the evaluation, in the order of the report; part of the catalogue."""

from ..declaration import FigureDeclaration, Need

_EVERY_KIND = ("binary", "survival")

OF_EVALUATION: tuple[FigureDeclaration, ...] = (
    FigureDeclaration(
        name="time_dependent_auc",
        title="AUC over time",
        legend="AUC of those who had the event by each day against those followed to "
        "it without, of the headline and the reference arm; mean over the folds, "
        "subjects weighted by the inverse probability of follow-up. Bands: pointwise "
        "confidence; dashed line: chance. Below: cases and controls. Days at which "
        "fewer than half of the folds have a case and a control are left out.",
        caption="AUC of cases by each day and controls at it, with pointwise bands.",
        alternative="Curves of the AUC over time since the first day, one for the "
        "headline and one for the reference arm, with bands. Values at declared days "
        "are in the table of discrimination in detail.",
        category="Models",
        section="discrimination-{endpoint}",
        after="discrimination",
        sources=("discrimination",),
        endpoint_kinds=("survival",),
    ),
    FigureDeclaration(
        name="calibration",
        title="Calibration",
        legend="Observed against predicted probability of the headline arm: a curve "
        "smoothed by lowess, of risks at a horizon through pseudo-observations, with "
        "its pointwise band; dashed: predictions that come true. Points: each group "
        "in the large. Below: predictions of subjects with the event, above the line, "
        "and without, below it.",
        caption="Observed against predicted probability of the headline arm, with the "
        "predictions below.",
        alternative="Curve of observed against predicted probability with a band, the "
        "ideal line and a point for each group; below, bars of the predictions by "
        "outcome. Intercepts, slopes and distances are in the table of calibration.",
        category="Models",
        section="calibration-{endpoint}",
        after="calibration",
        sources=("calibration_curve",),
        endpoint_kinds=_EVERY_KIND,
    ),
    FigureDeclaration(
        name="decision_curve",
        title="Decision curves",
        legend="Net benefit of acting on those whose predicted risk is at least the "
        "threshold: true positives less false positives times the odds of the "
        "threshold, per subject. Solid, with its pointwise band: the headline arm; "
        "dashed, with dotted bounds: the reference arm. Where a curve lies below that "
        "of acting on everybody, or below zero, the model does harm.",
        caption="Net benefit of the headline and the reference arm over the threshold, "
        "beside acting on everybody and on nobody.",
        alternative="Curves of net benefit over the threshold probability, one per arm "
        "with its interval, one of acting on everybody and a line at zero. Values at "
        "declared thresholds are in the table of clinical impact.",
        category="Models",
        section="usefulness-{endpoint}",
        after="clinical_impact",
        sources=("decision_curve",),
        endpoint_kinds=_EVERY_KIND,
        aggregate=True,
    ),
    FigureDeclaration(
        name="reclassification",
        title="Risks by both arms",
        legend="Risk of each subject by the headline arm against that by the reference "
        "arm, in the first repeat of the cross-validation, by models that the subject "
        "was no part of. Filled: with the event; open: without; crosses: censored "
        "before the horizon. An arm that adds something moves filled points above the "
        "line of equal risks and open ones below it; one that is only more extreme "
        "moves all of them away from the middle.",
        caption="Risks of each subject by the headline and the reference arm, by "
        "outcome.",
        alternative="Scatter of the risk by the headline arm over that by the "
        "reference arm, with other marks for subjects with and without the event. "
        "The shares that rise and fall are in the table of added value.",
        category="Models",
        section="added-value-{endpoint}",
        after="added_value",
        sources=("reclassification",),
        endpoint_kinds=_EVERY_KIND,
    ),
    FigureDeclaration(
        name="time_dependent_effect",
        title="Effects over time",
        legend="Log hazard ratio of the score of the headline and of the reference arm "
        "per standard deviation, as a restricted cubic spline of time, with its "
        "pointwise band; dashed: the effect if it is the same at all times. Where the "
        "band holds the dashed line, hazards may be proportional; the test is in the "
        "table of proportional hazards.",
        caption="Effect of the scores over time.",
        alternative="Curves of the log hazard ratio over time with bands, one panel "
        "per arm. The tests of proportional hazards are in the table of that name.",
        category="Models",
        section="endpoint-{endpoint}",
        after="proportional_hazards",
        sources=("time_dependent_effect",),
        endpoint_kinds=("survival",),
        aggregate=True,
    ),
    FigureDeclaration(
        name="prediction_instability",
        title="Instability",
        legend="The model of all subjects (original) and models of bootstrap samples, "
        "each with the whole pipeline fitted anew. a: predictions of each "
        "subject by these models against the original one, with their central 95 % and "
        "smooth lines of it. b: their mean absolute difference. c: share of the models "
        "that put a subject into another class. d: calibration of every model in all "
        "subjects, by local lines. A survival endpoint shows the risk by its first "
        "declared horizon, or standard scores.",
        caption="Predictions, classes and calibration by models of other samples of "
        "the same subjects.",
        alternative="Four panels over the original prediction: range of the "
        "predictions, mean absolute difference, share of models with another class, "
        "and calibration curves of all models. Means are in the table of instability.",
        category="Models",
        section="instability-{endpoint}",
        after="instability",
        sources=("prediction_instability",),
        needs=(Need.INSTABILITY,),
        endpoint_kinds=_EVERY_KIND,
    ),
    FigureDeclaration(
        name="subgroup_forest",
        title="Subgroups",
        legend="Discrimination, calibration in the large and calibration slope of the "
        "headline arm in cross-validation, in all subjects and in each declared "
        "subgroup, with intervals, and the p-value of a difference between the "
        "subgroups by one variable, not adjusted. Dashed: chance, or well calibrated. "
        "Subgroups below the declared size have no value.",
        caption="The headline arm in declared subgroups, with tests of differences.",
        alternative="Forest plot: one line per subgroup with estimate and interval, "
        "one panel per measure. The numbers are in the table of subgroups.",
        category="Models",
        section="subgroups-{endpoint}",
        after="subgroup_tests",
        sources=("subgroups",),
        needs=(Need.SUBGROUPS,),
        endpoint_kinds=_EVERY_KIND,
    ),
    FigureDeclaration(
        name="specification_curve",
        title="Every analysis at once",
        legend="Specification curve: all analyses that the study declares as "
        "alternatives, in the same folds, sorted by their value; the headline is "
        "marked. Above: value with its interval, filled where it lies above its null; "
        "band: central 90 % of the values with the outcome permuted within groups; "
        "dashed: reference arm. Below: what each analysis chooses.",
        caption="All declared analyses, sorted by their value, with intervals and null "
        "band, and what each of them chooses.",
        alternative="Points with intervals in ascending order over a band of permuted "
        "outcomes, and below a grid of marks that tells the choices of each analysis. "
        "The numbers are in the tables of this section and in the table of all "
        "analyses of the results.",
        category="Models",
        section="multiverse-{endpoint}",
        after="multiverse",
        sources=("specifications",),
        needs=(Need.MULTIVERSE,),
        endpoint_kinds=("binary", "survival"),
        aggregate=True,
    ),
)
