"""Associations of features with covariates and outcomes, and their repeatability.

Within a batch ComBat moves and stretches each feature about what the kept covariates
let expect. Without kept covariates that changes no order of subjects, with them hardly
any; so the raw associations within batches show what pooled ones should look like once
the batches are gone. A feature with hardly any spread of its own is the exception: what
is left of it after harmonization may be the kept covariate.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...features.feature_name import FeatureName
from ...folds import cohort as cohorts
from ...stability.reliability import (
    FORMS,
    MIN_SUBJECTS,
    RepeatedMeasurements,
    RepeatedRatings,
)
from ...statistics.constants import without_rounding
from ...statistics.discrimination import Concordance, concordance
from ...statistics.icc import intraclass_correlation
from ...statistics.ranks import mean_ranks
from ..settings import HarmonizationDiagnostics
from .held_out import ImageRows, Judged, by_image, halves, judge, of_main_recipes

RAW, HARMONIZED, WITHIN = "raw", "harmonized", "within batches"
#: Fewer subjects than this give no association.
_LEAST = 5


def associations(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    folds: pd.DataFrame,
    settings: HarmonizationDiagnostics,
) -> pd.DataFrame:
    """Associations and repeatability before and after, as table kind "associations".

    All values are of held-out rows, harmonized by a fit to the other half of
    the subjects, and averaged over the halves: Spearman's correlation with
    each covariate; concordance with each outcome (AUC or C-index of the feature
    itself); ICC between readers and between test and retest.

    Parameters
    ----------
    cohort, measurements, folds : DataFrame
        The cohort, the feature matrix and the table of kind "folds".
    settings : HarmonizationDiagnostics
        Harmonization, and names of covariates and endpoints.
    """
    repeated = RepeatedMeasurements(
        of_main_recipes(measurements),
        settings.baseline_session,
        settings.reference_reader,
        settings.retest_sessions,
        0.0,
        settings.confidence,
        readers=settings.readers,
    )
    rows: list[dict[str, Any]] = []
    for part in by_image(cohort, measurements, settings, settings.harmonization):
        axes = [axis for axis in repeated.axes if axis.image == part.image]
        for half in halves(folds):
            judged = judge(part, half, settings)
            rows += _associations(part, judged, cohort, settings)
            for axis in axes:
                rows += _repeatability(part, judged, axis)
    return _averaged(pd.DataFrame(rows))


def correlation(features: pd.DataFrame, covariate: pd.Series) -> np.ndarray:
    """Spearman's correlation of each feature with a covariate, shape (p,).

    NaN for fewer than five subjects with both, or without spread.
    """
    values = without_rounding(features.to_numpy(dtype=float))
    other = covariate.to_numpy(dtype=float)
    known = np.isfinite(other)
    ranks = mean_ranks(other[known])  # of features without a missing value
    found = np.full(values.shape[1], np.nan)
    for number, column in enumerate(values.T):
        both = known & np.isfinite(column)
        if both.sum() >= _LEAST:
            whole = both.sum() == known.sum()
            others = ranks if whole else mean_ranks(other[both])
            found[number] = _pearson(mean_ranks(column[both]), others)
    return found


def within(features: pd.DataFrame, covariate: pd.Series, batch: pd.Series) -> Any:
    """Mean over batches of the correlation in each, weighted by its subjects."""
    parts = [
        (int(mine.sum()), correlation(features[mine], covariate[mine]))
        for mine in (batch == name for name in sorted(set(batch)))
    ]
    values = np.array([found for _, found in parts])
    weights = np.array([n for n, _ in parts])[:, None] * np.isfinite(values)
    total = weights.sum(axis=0)
    summed = np.where(np.isfinite(values), values * weights, 0.0).sum(axis=0)
    return np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0)


def _pearson(first: np.ndarray, second: np.ndarray) -> float:
    a, b = first - first.mean(), second - second.mean()
    size = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / size) if size > 0 else float("nan")


def _associations(
    part: ImageRows,
    judged: Judged,
    cohort: pd.DataFrame,
    settings: HarmonizationDiagnostics,
) -> Iterator[dict[str, Any]]:
    if judged.raw.empty:
        return
    index = judged.raw.index
    batch = judged.raw[part.batches].astype(str).agg("|".join, axis=1)
    facts = cohort.set_index("subject_id").loc[index]
    tables = ((RAW, judged.raw), (HARMONIZED, judged.harmonized))
    for column in cohorts.covariate_columns(cohort, settings.covariates):
        quantity = column.replace("covariate.", "covariate: ")
        for stage, table in tables:
            found = correlation(table[part.features], facts[column])
            yield from _rows(part, quantity, stage, found)
        found = within(judged.raw[part.features], facts[column], batch)
        yield from _rows(part, quantity, WITHIN, found)
    for endpoint in settings.endpoints:
        outcome = cohorts.outcome(cohort, endpoint).loc[index]
        quantity = f"outcome: {endpoint}"
        for stage, table in tables:
            found = _concordance(table[part.features], outcome, None)
            yield from _rows(part, quantity, stage, found)
        found = _concordance(judged.raw[part.features], outcome, batch)
        yield from _rows(part, quantity, WITHIN, found)


def _concordance(
    features: pd.DataFrame, outcome: pd.DataFrame, batch: pd.Series | None
) -> np.ndarray:
    """AUC or C-index of each feature; with `batch`, over pairs of one batch."""
    time = outcome["time_days"].to_numpy(dtype=float)
    known = outcome["event"].notna().to_numpy()
    survival = bool(np.isfinite(time[known]).any())
    event = outcome["event"].to_numpy(dtype=float)
    labels = np.zeros(len(event)) if batch is None else batch.to_numpy()
    values = without_rounding(features.to_numpy(dtype=float))
    found = []
    for column in values.T:
        mine = known & np.isfinite(column)
        pairs = [
            concordance(event[rows], column[rows], time[rows] if survival else None)
            for rows in (mine & (labels == name) for name in sorted(set(labels)))
        ]
        total = Concordance(sum(p.wins for p in pairs), sum(p.pairs for p in pairs))
        found.append(total.value)
    return np.array(found)


def _repeatability(
    part: ImageRows, judged: Judged, axis: RepeatedRatings
) -> Iterator[dict[str, Any]]:
    """ICC of the held-out subjects who were measured repeatedly."""
    chosen = [n for n, s in enumerate(axis.subjects) if s in judged.raw.index]
    if len(chosen) < MIN_SUBJECTS or judged.fitted is None:
        return
    names = [FeatureName.of(axis.image, axis.region, column) for column in axis.columns]
    ratings = axis.ratings[chosen]
    subjects = [axis.subjects[n] for n in chosen]
    harmonized = np.empty_like(ratings)
    facts = judged.raw.loc[subjects].drop(columns=part.features)
    places = [part.features.index(name) for name in names]
    for rater in range(ratings.shape[1]):
        values = np.full((len(subjects), len(part.features)), np.nan)
        values[:, places] = ratings[:, rater]
        rows = pd.DataFrame(values, index=facts.index, columns=part.features)
        rows = pd.concat([facts, rows], axis=1)
        harmonized[:, rater] = judged.fitted.transform(rows)[names].to_numpy()
    for stage, values in ((RAW, ratings), (HARMONIZED, harmonized)):
        found = intraclass_correlation(values, FORMS[axis.axis]).estimate
        yield from _rows(part, f"ICC: {axis.axis}", stage, found, names)


def _rows(
    part: ImageRows,
    quantity: str,
    stage: str,
    found: np.ndarray,
    names: Sequence[str] | None = None,
) -> Iterator[dict[str, Any]]:
    for name, value in zip(names or part.features, found, strict=True):
        yield {
            "image": part.image,
            "quantity": quantity,
            "stage": stage,
            "name": name,
            "value": value,
        }


def _averaged(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over the halves, one row per feature, quantity and stage."""
    if table.empty:
        return table
    keys = ["image", "quantity", "stage", "name"]
    return table.groupby(keys, sort=True)["value"].mean().reset_index()
