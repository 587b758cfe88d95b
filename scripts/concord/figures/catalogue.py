"""Catalogue of all figures, in the order of the report.

A figure that is added here needs a module of this package with a function `draw`, a
line in the script of its group, and an output of its name in the rule of its group in
``workflow/rules/figures.smk``; `tests/unit/figures/test_figures_catalogue.py` names
what is missing.
"""

from .declaration import FigureDeclaration, Need
from .evaluation.declarations import OF_EVALUATION
from .external.declarations import OF_EXTERNAL
from .models.declarations import OF_ENDPOINTS

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
        needs=(Need.FEATURES,),
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
        needs=(Need.FEATURES,),
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
        needs=(Need.FEATURES,),
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
        needs=(Need.FEATURES,),
    ),
    *OF_ENDPOINTS,
    *OF_EVALUATION,
    *OF_EXTERNAL,
    FigureDeclaration(
        name="group_forest",
        group="validation",
        title="Groups left out",
        legend="Discrimination of the headline arm in each group that was left out, "
        "with its interval; squares grow with the weight in the mean. Diamond: mean of "
        "groups by random effects (REML, interval by Hartung and Knapp); bar: where "
        "the value of a new group is to be expected; dashed line: chance.",
        caption="The headline arm in each group that was left out, their mean, and "
        "where a new group is to be expected.",
        alternative="Forest plot per endpoint: one line per group with estimate and "
        "interval, then the mean of groups and the prediction interval. The numbers "
        "are in the tables of groups left out.",
        category="Models",
        section="internal-validation",
        after="pooled_groups",
        sources=("pooled_groups",),
        needs=(Need.POOLED_GROUPS,),
    ),
)
