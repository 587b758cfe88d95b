"""Principal components of held-out rows, raw and harmonized."""

from typing import Any

import numpy as np
import pandas as pd

from ...statistics.constants import varies
from ..settings import HeldOutHarmonization
from .held_out import ImageRows, by_image, halves, judge

RAW, HARMONIZED = "raw", "harmonized"


def principal_components(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    folds: pd.DataFrame,
    settings: HeldOutHarmonization,
) -> pd.DataFrame:
    """The first two components of held-out rows, as table kind "components".

    Each half of the subjects is harmonized by a fit to the other one and has its
    own components; so has each stage. Features are scaled to SD 1, gaps take
    the median.
    """
    rows: list[dict[str, Any]] = []
    for part in by_image(cohort, measurements, settings, settings.harmonization):
        for number, half in enumerate(halves(folds), start=1):
            judged = judge(part, half, settings)
            for stage, table in ((RAW, judged.raw), (HARMONIZED, judged.harmonized)):
                found = _rows(part, table)
                rows += [{"half": number, "stage": stage, **row} for row in found]
    return pd.DataFrame(rows)


def scores(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores (n, 2) and shares of variance (2,) of the first two components.

    Parameters
    ----------
    values : ndarray of float, shape (n, features)
        NaN takes the median of its column; constant columns do not count.

    Returns
    -------
    scores, shares : ndarray
        The sign of a component is such that its largest weight is positive. NaN
        if fewer than three rows or no feature vary.
    """
    known = np.isfinite(values).any(axis=0) if len(values) else np.zeros(0, bool)
    values = values[:, known] if len(values) else values
    if len(values) < 3 or not values.size:
        return np.full((len(values), 2), np.nan), np.full(2, np.nan)
    filled = np.where(np.isfinite(values), values, np.nanmedian(values, axis=0))
    filled = filled[:, varies(filled)]
    scaled = (filled - filled.mean(axis=0)) / filled.std(axis=0)
    left, size, right = np.linalg.svd(scaled, full_matrices=False)
    if len(size) < 2:
        return np.full((len(values), 2), np.nan), np.full(2, np.nan)
    largest = np.abs(right[:2]).argmax(axis=1)
    sign = np.sign(right[[0, 1], largest])
    return left[:, :2] * size[:2] * sign, size[:2] ** 2 / (size**2).sum()


def _rows(part: ImageRows, table: pd.DataFrame) -> list[dict[str, Any]]:
    found, share = scores(table[part.features].to_numpy(dtype=float))
    return [
        {
            "image": part.image,
            "subject_id": subject,
            "batch": "|".join(str(row[column]) for column in part.batches),
            "component_1": found[number, 0],
            "component_2": found[number, 1],
            "share_1": share[0],
            "share_2": share[1],
        }
        for number, (subject, row) in enumerate(table[part.batches].iterrows())
    ]
