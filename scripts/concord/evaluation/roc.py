"""Mean ROC curve over the folds of the cross-validation, or of the leading scheme."""

from typing import Any

import numpy as np
import pandas as pd

from ..folds.scheme import leading_scheme
from ..statistics.classification.roc_points import roc_curve

Curve = tuple[np.ndarray, np.ndarray, np.ndarray]
_COLUMNS = ["false_positive_rate", "sensitivity_before", "sensitivity_after"]
_COUNTS = ["n_folds", "n_repeats", "n_missing"]


def mean_curves(predictions: pd.DataFrame) -> pd.DataFrame:
    """Mean ROC curve of each arm as a table of kind "roc"; no rows without a curve.

    Parameters
    ----------
    predictions : DataFrame
        Of kind "predictions", of one endpoint; the repeated cross-validation is used,
        or what stands in its place, see `leading_scheme`.
    """
    schemes = predictions["scheme"]
    rows = predictions[schemes == leading_scheme(schemes)]
    tables = []
    for (endpoint, arm), mine in rows.groupby(["endpoint", "arm"], sort=True):
        curve = mean_curve(mine)
        if curve is None:
            continue
        table = pd.DataFrame(dict(zip(_COLUMNS, curve, strict=True)))
        table["endpoint"], table["arm"] = str(endpoint), str(arm)
        tables.append(table.assign(**_counts(mine)))
    if not tables:
        return pd.DataFrame(columns=["endpoint", "arm", *_COLUMNS, *_COUNTS])
    return pd.concat(tables, ignore_index=True)


def mean_curve(predictions: pd.DataFrame) -> Curve | None:
    """ROC curve averaged over folds at equal false-positive rates.

    The area below the mean curve equals the mean of the areas of the folds.

    Parameters
    ----------
    predictions : DataFrame
        Columns repeat, fold, event (0 or 1), score and perhaps weight of one arm.
        Rows without score and folds with one class only do not count.

    Returns
    -------
    tuple of ndarray, or None
        False-positive rates from 0 to 1, and the sensitivity just before and just
        after the curve rises at each; None if no fold holds both classes.

    References
    ----------
    Fawcett 2006, "An introduction to ROC analysis", section 8.1 (vertical
    averaging), doi:10.1016/j.patrec.2005.10.010.
    """
    curves = [_curve_of(part) for part in _averaged_folds(predictions).values()]
    if not curves:
        return None
    grid = np.unique(np.concatenate([false for false, _ in curves]))
    before = np.mean([_limit(grid, *curve, "left") for curve in curves], axis=0)
    after = np.mean([_limit(grid, *curve, "right") for curve in curves], axis=0)
    return grid, before, after


def _averaged_folds(predictions: pd.DataFrame) -> dict[Any, pd.DataFrame]:
    """Scored rows of each (repeat, fold) that holds both classes."""
    known = predictions.dropna(subset=["score", "event"])
    return {
        key: part
        for key, part in known.groupby(["repeat", "fold"])
        if part["event"].nunique() == 2
    }


def _counts(predictions: pd.DataFrame) -> dict[str, int]:
    """Folds and repeats that the curve of an arm averages, and rows left out."""
    folds = _averaged_folds(predictions)
    n_repeats = len({repeat for repeat, _ in folds})
    n_missing = int(predictions["score"].isna().sum())
    return dict(zip(_COUNTS, (len(folds), n_repeats, n_missing), strict=True))


def _curve_of(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    weight = rows["weight"].to_numpy(float) if "weight" in rows else None
    event, score = rows["event"].to_numpy(dtype=int), rows["score"].to_numpy(float)
    return roc_curve(event, score, weight)


def _limit(
    grid: np.ndarray, false: np.ndarray, true: np.ndarray, side: str
) -> np.ndarray:
    """The curve just left, or just right, of each point of a grid.

    A curve rises vertically where several of its points share one
    false-positive rate, so there it has two limits.
    """
    rates, first = np.unique(false, return_index=True)
    last = np.append(first[1:], len(false)) - 1
    lowest, highest = true[first], true[last]
    right = np.searchsorted(rates, grid, side="left")
    exact = rates[right] == grid
    ends = lowest if side == "left" else highest
    left = np.maximum(right - 1, 0)
    width = np.where(exact, 1.0, rates[right] - rates[left])
    share = (grid - rates[left]) / width
    between = highest[left] + share * (lowest[right] - highest[left])
    return np.where(exact, ends[right], between)
