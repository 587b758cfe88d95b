"""Figures as data URIs, with words for readers who cannot see them."""

import base64
from pathlib import Path

from .blocks import Picture
from .results import Results

_CAPTIONS = {
    "protocol": "Conformance to the protocol by item and site.",
    "agreement": "Agreement of readers by site.",
    "agreement_matrix": "Agreement of each reader with each other one: median Dice and "
    "HD95.",
    "agreement_volumes": "Volumes by two readers, and Dice coefficient against volume.",
    "gallery": "Cases in which readers agree worst, with the outlines of all readers.",
    "prediction_agreement": "Scores of the headline arm by the outlines of each "
    "reader, with limits of agreement and changes of the risk group.",
    "feature_maps": "Maps of features in some regions, beside the image.",
    "stability": "Intraclass correlation of the features by family, with lower bounds.",
    "site_effect": "Variance between batches, raw and harmonized, and prediction of "
    "the batch from the features.",
    "components": "Principal components of held-out rows, by batch and by outcome.",
    "associations": "Pooled associations beside those within batches; repeatability.",
    "batch_estimates": "What ComBat learns of each batch: before shrinkage, with the "
    "priors, and over the folds.",
    "roc": "Mean ROC curves of the arms over the evaluation folds.",
    "kaplan_meier": "Observed course of the risk groups predicted by the headline arm.",
    "performance": "Discrimination of all arms with intervals, chance and null band.",
    "selection": "Features that the headline arm selects most often.",
}
_ALTS = {
    "protocol": "Bars of the shares of images that conform, depart or do not state the "
    "fact, one row per item of the protocol and one column per site. The numbers are "
    "in the table of conformance.",
    "agreement": "Box plots of Dice coefficient, 95th percentile surface distance and "
    "volume difference, one box per site. The medians are in the table of agreement.",
    "agreement_matrix": "Matrix of readers by readers, median Dice coefficient below "
    "the diagonal and median HD95 above. The numbers are in the table of agreement.",
    "agreement_volumes": "Bland-Altman plots of the ratio of volumes, and scatter "
    "plots of the Dice coefficient against volume, one column per pair of readers.",
    "gallery": "Image slices with coloured outlines. The cases are in the table of "
    "agreement and, if there is one, in the review list.",
    "prediction_agreement": "Above, scores by one reader against those by the "
    "reference reader; below, their differences. The numbers are in the table of "
    "agreement of predictions.",
    "feature_maps": "One region per row: an image slice with the outline, and coloured "
    "maps of the value of each feature around every voxel.",
    "stability": "Box plots of estimates and lower bounds of the intraclass "
    "correlation, one row per feature family. The medians are in the tables of "
    "stability.",
    "site_effect": "Left: box plots of eta squared by feature family, raw and "
    "harmonized. Right: bars of the AUC of predicting the batch. The numbers are in "
    "the tables of this section.",
    "components": "Scatter plots of the first two principal components, raw and "
    "harmonized, with one symbol per batch or outcome.",
    "associations": "Box plots over features, raw and harmonized: pooled minus "
    "within-batch association, and intraclass correlation. The medians are in the "
    "table of associations.",
    "batch_estimates": "One row per batch: histograms of shifts and variances with "
    "their priors, and box plots of their standard deviation over the folds. The "
    "medians are in the table of estimates.",
    "roc": "Curves of true- against false-positive rate, one per arm. The areas under "
    "the curves are in the table of discrimination.",
    "kaplan_meier": "Survival curves of the high- and the low-risk group with "
    "confidence bands and, below, numbers at risk.",
    "performance": "Forest plot: one line per arm and scheme with estimate and "
    "interval. The numbers are in the table of discrimination.",
    "selection": "Left: bars of selection frequency of up to 15 features. Right: their "
    "mean coefficients. The numbers are in the table of selected features.",
}


def picture(results: Results, name: str, endpoint: str = "") -> Picture | None:
    """A figure by its name and endpoint; None if it was not drawn."""
    stem = f"{name}_{endpoint}" if endpoint else name
    path = next((p for p in results.figures if Path(p).stem == stem), None)
    if path is None:
        return None
    encoded = base64.b64encode(Path(path).read_bytes()).decode("ascii")
    prefix = f"{results.endpoint_label(endpoint)}: " if endpoint else ""
    return Picture(
        source=f"data:image/svg+xml;base64,{encoded}",
        alt=prefix + _ALTS[name],
        caption=prefix + _CAPTIONS[name],
    )
