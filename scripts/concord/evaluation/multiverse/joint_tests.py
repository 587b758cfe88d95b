"""Permutation tests of each analysis, and of all analyses together."""

import math
from typing import NamedTuple

import numpy as np

#: An analysis is called better than its null up to this p-value.
LEVEL = 0.05
#: Differences below this are rounding, and count as ties.
_ROUNDING = 1e-12


class JointTests(NamedTuple):
    """P-values by analysis, and of three statistics of all of them; see `of_curve`."""

    p_values: np.ndarray  # (analyses,)
    adjusted: np.ndarray  # the same, for the largest of all analyses
    share: float  # of analyses with a p-value up to LEVEL
    p_share: float
    null_share: float  # its mean under permutations
    median: float
    p_median: float
    null_median: float
    mean_z: float
    p_mean_z: float


def of_curve(observed: np.ndarray, permuted: np.ndarray) -> JointTests:
    """One-sided permutation tests of a specification curve [1]_.

    All analyses see the same permutations, so that whatever ties them to each other
    (the same subjects, folds and features) is in the null of each statistic: the median
    value, the share of analyses with p <= 0.05, and the mean of z-values (a value less
    the mean of its null, in SD of it, averaged; Stouffer's statistic but for a
    constant). P-values of single analyses count each permutation of the same analysis
    that reaches the observed value, itself counted; `adjusted` are those of the largest
    z-value of all analyses [2]_.

    Parameters
    ----------
    observed : ndarray of float, shape (analyses,)
        Observed values, of the folds that were permuted.
    permuted : ndarray of float, shape (analyses, permutations)
        NaN where an analysis has no value. A permutation without any value is left out.

    References
    ----------
    .. [1] Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). "Specification curve
           analysis". Nature Human Behaviour, 4, 1208-1214.
           https://doi.org/10.1038/s41562-020-0912-z
    .. [2] Westfall, P. H. and Young, S. S. (1993). Resampling-based multiple testing.
           Wiley.
    """
    permuted = permuted[:, np.isfinite(permuted).any(axis=0)]
    all_values = np.column_stack([observed, permuted])
    p_values = _p_by_column(all_values)
    share = (p_values <= LEVEL).mean(axis=0)
    median = np.nanmedian(all_values, axis=0)
    z = _standardized(all_values)
    mean_z, largest = np.nanmean(z, axis=0), np.nanmax(z, axis=0)
    adjusted = np.array([_p_value(np.append(one, largest[1:])) for one in z[:, 0]])
    return JointTests(
        p_values[:, 0],
        adjusted,
        *_with_null(share),
        *_with_null(median),
        float(mean_z[0]),
        _p_value(mean_z),
    )


def null_band(permuted: np.ndarray) -> tuple[float, float]:
    """Band of permuted values (n,) such that a value above it has p <= LEVEL.

    Its bounds are the k-th smallest and the k-th largest, k = 0.05 (n + 1) rounded
    down; NaN for fewer than 19 values.
    """
    known = np.sort(permuted[np.isfinite(permuted)])
    k = math.floor(LEVEL * (len(known) + 1) + 1e-9)
    if not k:
        return math.nan, math.nan
    return float(known[k - 1]), float(known[-k])


def _with_null(statistic: np.ndarray) -> tuple[float, float, float]:
    """Observed statistic, its p-value, and its mean under permutations."""
    null = float(np.nanmean(statistic[1:]))
    return float(statistic[0]), _p_value(statistic), null


def _p_value(statistic: np.ndarray) -> float:
    """Share of values that reach the first one, itself counted."""
    return float(np.mean(statistic >= statistic[0] - _ROUNDING))


def _p_by_column(values: np.ndarray) -> np.ndarray:
    """P-value of each column of a row among all columns of it, same shape.

    The observed value and those of permutations are exchangeable without effect: each
    takes the place of the observed one in turn.
    """
    found = np.ones(values.shape)
    for row, mine in enumerate(values):
        known = np.isfinite(mine)
        ranked = np.sort(mine[known])
        below = np.searchsorted(ranked, mine[known] - _ROUNDING, side="left")
        found[row, known] = (len(ranked) - below) / len(ranked)
    return found


def _standardized(values: np.ndarray) -> np.ndarray:
    """Values less the mean of their row, in SD of it; 0 in a row that never varies."""
    mean = np.nanmean(values, axis=1, keepdims=True)
    sd = np.nanstd(values, axis=1, keepdims=True)
    nothing = np.zeros_like(values)
    return np.asarray(np.divide(values - mean, sd, out=nothing, where=sd > 0))
