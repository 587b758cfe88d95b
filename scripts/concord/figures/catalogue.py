"""Catalogue of all figures, in the order of the report.

A figure that is added here needs a module of this package with a function `draw`, a
line in the script of its group, and an output of its name in the rule of its group in
``workflow/rules/figures.smk``; `tests/unit/figures/test_figures_catalogue.py` names
what is missing.
"""

from .declaration import FigureDeclaration, Need

_BINARY, _SURVIVAL = ("binary",), ("survival",)
_PREDICTIVE = ("predictive",)
_EVERY_KIND = _BINARY + _SURVIVAL

CATALOGUE = (
    FigureDeclaration(
        name="protocol",
        group="protocol",
        title="Conformance to the protocol",
        legend="Share of each site's images that conform to each item of the declared "
        "protocol, depart from it, or do not state the fact in the header. Numbers: "
        "images that conform / images whose header states the fact.",
        caption="Conformance to the protocol by item and site.",
        alternative="Bars of the shares of images that conform, depart or do not state "
        "the fact, one row per item of the protocol and one column per site. The "
        "numbers are in the table of conformance.",
        category="Acquisition",
        section="acquisition",
        after="protocol_summary",
        sources=("protocol_summary",),
        needs=(Need.IMAGES,),
    ),
    FigureDeclaration(
        name="agreement",
        group="readers",
        title="Agreement of readers",
        legend="Dice coefficient, 95th percentile of the surface distance (HD95, the "
        "larger of both directions, headline definition) and signed volume difference "
        "of each pair of readers, by site. Box: quartiles; whiskers: 1.5 interquartile "
        "ranges; points: images. Colours: pairs of readers.",
        caption="Agreement of readers by site.",
        alternative="Box plots of Dice coefficient, 95th percentile surface distance "
        "and volume difference, one box per site. The medians are in the table of "
        "agreement.",
        category="Segmentation",
        section="agreement",
        after="agreement",
        sources=("agreement",),
        needs=(Need.IMAGES,),
    ),
    FigureDeclaration(
        name="agreement_matrix",
        group="readers",
        title="Agreement of each reader with each other one",
        legend="Median Dice coefficient below the diagonal, median HD95 (mm, headline "
        "definition) above it.",
        caption="Agreement of each reader with each other one: median Dice and HD95.",
        alternative="Matrix of readers by readers, median Dice coefficient below the "
        "diagonal and median HD95 above. The numbers are in the table of agreement.",
        category="Segmentation",
        section="agreement",
        after="agreement",
        sources=("agreement",),
        needs=(Need.IMAGES, Need.READERS),
        aggregate=True,
    ),
    FigureDeclaration(
        name="agreement_volumes",
        group="readers",
        title="Volumes and agreement",
        legend="Bland-Altman plots of the logarithm of the volumes by two readers, "
        "read as their ratio, with geometric mean and 95 % limits of agreement; and "
        "the Dice coefficient against volume, which shows whether small lesions agree "
        "worse. Points: images, by site.",
        caption="Volumes by two readers, and Dice coefficient against volume.",
        alternative="Bland-Altman plots of the ratio of volumes, and scatter plots of "
        "the Dice coefficient against volume, one column per pair of readers.",
        category="Segmentation",
        section="agreement",
        after="volume_agreement",
        sources=("agreement",),
        needs=(Need.IMAGES, Need.READERS),
    ),
    FigureDeclaration(
        name="gallery",
        group="readers",
        title="Worst cases",
        legend="The images in which two readers agree worst, by the mean of the ranks "
        "of Dice coefficient and HD95 within image and region; of each the slice in "
        "which segmentations differ in most voxels, with the segmentations of all "
        "readers on the edges of the voxels. Bar: 1 cm.",
        caption="Cases in which readers agree worst, with the segmentations of all "
        "readers.",
        alternative="Image slices with coloured contours of the segmentations. The "
        "cases are in the table of agreement and, if there is one, in the review list.",
        category="Segmentation",
        section="agreement",
        after="volume_agreement",
        sources=("agreement",),
        needs=(Need.IMAGES, Need.READERS),
    ),
    FigureDeclaration(
        name="feature_maps",
        group="features",
        title="Feature maps",
        legend="One region per row: the image as the recipe prepares it, and the value "
        "of each feature in a ball around every voxel of the region. Bins are those of "
        "the whole region. A colour bar belongs to one picture.",
        caption="Maps of features in some regions, beside the image.",
        alternative="One region per row: an image slice with the segmentation, and "
        "coloured maps of the value of each feature around every voxel.",
        category="Features",
        section="features",
        after="undefined",
        sources=(),
        needs=(Need.FEATURE_MAPS,),
    ),
    FigureDeclaration(
        name="stability",
        group="features",
        title="Stability of features",
        legend="Intraclass correlation of every feature between readers, ICC(A,1), and "
        "between test and retest, ICC(1,1), by family: estimates above, lower "
        "confidence bounds below. A feature is stable if its lower bound reaches the "
        "dashed threshold.",
        caption="Intraclass correlation of the features by family, with lower bounds.",
        alternative="Box plots of estimates and lower bounds of the intraclass "
        "correlation, one row per feature family. The medians are in the tables of "
        "stability.",
        category="Stability",
        section="stability",
        after="stability",
        sources=("stability",),
        needs=(Need.REPEATS,),
        aggregate=True,
    ),
    FigureDeclaration(
        name="site_effect",
        group="harmonization",
        title="Site effect",
        legend="a: share of the variance of each feature between batches (eta "
        "squared), raw and harmonized. b: cross-validated AUC of predicting the batch "
        "from all features. Harmonized values come from held-out rows only: ComBat was "
        "fitted on one half of the subjects and judged on the other, and the reverse. "
        "Dotted: the share expected of raw features if batches did not differ; grey: "
        "the central 95 % of the AUC with permuted batches, harmonized again.",
        caption="Variance between batches, raw and harmonized, and prediction of the "
        "batch from the features.",
        alternative="Left: box plots of eta squared by feature family, raw and "
        "harmonized. Right: points of the AUC of predicting the batch over bands of "
        "permuted batches. The numbers are in the tables of this section.",
        category="Harmonization",
        section="site-effect",
        after="batch_prediction",
        sources=("site_effect",),
        aggregate=True,
    ),
    FigureDeclaration(
        name="components",
        group="harmonization",
        title="Principal components",
        legend="First two components (PC) of the features of held-out subjects: raw "
        "and harmonized by estimates of the other half of the subjects, coloured by "
        "batch (a, b) and by outcome (c, d).",
        caption="Principal components of held-out rows, by batch and by outcome.",
        alternative="Scatter plots of the first two principal components, raw and "
        "harmonized, with one symbol per batch or outcome.",
        category="Harmonization",
        section="site-effect",
        after="batch_prediction",
        sources=("components", "site_effect"),
    ),
    FigureDeclaration(
        name="associations",
        group="harmonization",
        title="Associations",
        legend="a: association of each feature with covariates (Spearman's "
        "correlation) and outcomes (AUC or C-index) over all held-out subjects minus "
        "that within batches, raw and harmonized. b: intraclass correlation of each "
        "feature, raw and harmonized.",
        caption="Pooled associations against those within batches, and repeatability.",
        alternative="Box plots over features, raw and harmonized: pooled minus "
        "within-batch association, and intraclass correlation. The medians are in the "
        "table of associations.",
        category="Harmonization",
        section="site-effect",
        after="associations",
        sources=("associations",),
        aggregate=True,
    ),
    FigureDeclaration(
        name="batch_estimates",
        group="harmonization",
        title="Batch estimates",
        legend="a: shifts of all features by batch, before shrinkage, with the normal "
        "prior they are shrunk towards. b: variances with their inverse gamma prior. "
        "c: standard deviation of the shrunken estimates over the development sets of "
        "the first repeat. All in units of the residual standard deviation of a "
        "feature.",
        caption="Estimates of ComBat for each batch: before shrinkage, with the "
        "priors, and over the folds.",
        alternative="One row per batch: histograms of shifts and variances with their "
        "priors, and box plots of their standard deviation over the folds. The medians "
        "are in the table of estimates.",
        category="Harmonization",
        section="site-effect",
        after="batch_estimates",
        sources=("batch_estimates",),
    ),
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
        "the performance table.",
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
        "the first repeat of the cross-validation. Each subject is grouped by the "
        "median score of a development set that does not hold it. Bands: pointwise "
        "confidence (log-log); below: subjects at risk. The p-value is that of "
        "permuted outcomes.",
        caption="Observed course of the risk groups predicted by the headline arm.",
        alternative="Survival curves of the high- and the low-risk group with "
        "confidence bands and, below, numbers at risk.",
        category="Models",
        section="endpoint-{endpoint}",
        after="comparisons",
        sources=("performance",),
        endpoint_kinds=_SURVIVAL,
    ),
    FigureDeclaration(
        name="selection",
        title="Selected features",
        legend="How often the headline arm selected a feature over all fits, and the "
        "mean of its coefficient where selected (per standard deviation, shrunk by the "
        "penalty).",
        caption="Features that the headline arm selects most often.",
        alternative="Left: bars of selection frequency of up to 15 features. Right: "
        "their mean coefficients. The numbers are in the table of selected features.",
        category="Models",
        section="endpoint-{endpoint}",
        after="comparisons",
        sources=("selection",),
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
