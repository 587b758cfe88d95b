"""Tables of a simulated study, and features of it that follow the planted texture."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..settings import RecoverTruth

#: Features selected most often among which the planted texture is looked for.
TOP_FEATURES = 10


#: Kind of each table but the features and the cohort.
KINDS = {
    "truth": "truth",
    "exclusions": "exclusions",
    "agreement": "agreement",
    "review": "review_list",
    "site_effect": "site_effect",
    "batch_prediction": "batch_prediction",
    "selection": "selection",
    "null": "null",
    "performance": "performance",
    "null_tests": "null_tests",
    "interaction": "interaction",
    "marker_effects": "marker_effects",
    "competing_effects": "competing_effects",
    "predictions": "predictions",
    "fusion": "fusion",
    "calibration": "calibration",
    "added_value": "added_value",
}


@dataclass(frozen=True)
class StudyTables:
    """Tables of a simulated study."""

    truth: pd.DataFrame
    exclusions: pd.DataFrame
    agreement: pd.DataFrame
    review: pd.DataFrame  # kind "review_list"
    features: pd.DataFrame
    site_effect: pd.DataFrame
    batch_prediction: pd.DataFrame
    selection: pd.DataFrame
    null: pd.DataFrame
    performance: pd.DataFrame
    null_tests: pd.DataFrame
    # Empty where the study was not asked for it.
    cohort: pd.DataFrame = field(default_factory=pd.DataFrame)
    interaction: pd.DataFrame = field(default_factory=pd.DataFrame)
    marker_effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    competing_effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    predictions: pd.DataFrame = field(default_factory=pd.DataFrame)
    fusion: pd.DataFrame = field(default_factory=pd.DataFrame)
    calibration: pd.DataFrame = field(default_factory=pd.DataFrame)
    added_value: pd.DataFrame = field(default_factory=pd.DataFrame)


def following(
    study: StudyTables, settings: RecoverTruth
) -> dict[str, tuple[str, float]]:
    """Per endpoint, the feature that follows the texture best, and how well.

    Of those that the headline arm selects most often; "none" without any.
    """
    mine = study.selection["arm"] == settings.headline_arm
    selected = study.selection[mine & (study.selection["n_selected"] > 0)].sort_values(
        ["frequency", "term"], ascending=[False, True]
    )
    best = {}
    for endpoint, rows in selected.groupby("endpoint"):
        names = rows["term"].head(TOP_FEATURES)
        found = {name: abs(_follows(study, name, settings)) for name in names}
        known = {name: value for name, value in found.items() if np.isfinite(value)}
        name = max(known, key=lambda name: known[name], default="none")
        best[str(endpoint)] = name, known.get(name, np.nan)
    return best


def _follows(study: StudyTables, name: str, settings: RecoverTruth) -> float:
    """Correlation of one feature with the planted heterogeneity; NaN if unknown."""
    values = measured(study, name, settings)
    if values is None:
        return float("nan")
    truth = study.truth.set_index("subject_id").reindex(values.index)
    return within_site_correlation(values, truth["heterogeneity_hu"], truth["site"])


def measured(study: StudyTables, name: str, settings: RecoverTruth) -> pd.Series | None:
    """One feature of the baseline, by subject; None if it is not in the table."""
    image, region, column = [*name.split(".", 2), "", ""][:3]
    if column not in study.features:
        return None
    rows = study.features[
        (study.features["image"] == image)
        & (study.features["region"] == region)
        & (study.features["session"] == settings.baseline_session)
        & (study.features["reader"] == settings.reference_reader)
    ].set_index("subject_id")
    return rows[column]


def within_site_correlation(
    values: pd.Series, planted: pd.Series, site: pd.Series
) -> float:
    """Spearman correlation within each site, averaged by its number of subjects.

    Sites with fewer than three subjects, or without variation, do not count;
    NaN if none is left.
    """
    table = pd.DataFrame({"value": values, "planted": planted, "site": site}).dropna()
    total, weight = 0.0, 0
    for _, part in table.groupby("site"):
        ranks = part[["value", "planted"]].rank()
        if len(part) >= 3 and (ranks.std() > 0).all():
            total += len(part) * ranks["value"].corr(ranks["planted"])
            weight += len(part)
    return total / weight if weight else float("nan")
