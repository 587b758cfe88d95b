"""Gains of batches, from subjects measured in several of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...statistics.constants import exceeds_rounding
from .empirical_bayes import MIN_FEATURES

#: Subjects in a batch from which its gain is estimated, at least.
LEAST_SUBJECTS = 3
#: A gain below this is taken for a failed estimate.
LEAST_GAIN = 0.1


@dataclass(frozen=True)
class Line:
    """Slope of the values of one batch on the levels of its subjects."""

    slope: np.ndarray  # (p,), NaN if unknown
    variance: np.ndarray  # (p,), squared standard error of the slope


def line(values: np.ndarray, levels: np.ndarray, subjects: np.ndarray) -> Line:
    """Least squares of the values of one batch on the levels of the subjects.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Measured in one batch; NaN cells are left out, feature by feature.
    levels : ndarray of float, shape (n, p)
        What an average batch would have measured.
    subjects : ndarray, shape (n,)
        Subject of each row.

    Returns
    -------
    Line
        NaN with fewer than three subjects, or levels that do not differ.
    """
    finite = np.isfinite(values) & np.isfinite(levels)
    count = np.zeros(values.shape[1], dtype=int)
    for subject in np.unique(subjects):
        count += finite[subjects == subject].any(axis=0)
    measured, fitted = _centred(values, finite), _centred(levels, finite)
    squares = (fitted**2).sum(axis=0)
    largest = np.abs(np.where(finite, levels, 0.0)).max(axis=0, initial=0.0)
    known = (count >= LEAST_SUBJECTS) & exceeds_rounding(np.sqrt(squares), largest)
    divisor = np.where(known, squares, np.nan)
    slope = (measured * fitted).sum(axis=0) / divisor
    residual = ((measured - slope * fitted) ** 2).sum(axis=0)
    return Line(slope, residual / np.maximum(finite.sum(axis=0) - 2, 1) / divisor)


def relative(
    lines: Sequence[Line], standard: int | None, empirical_bayes: bool
) -> np.ndarray:
    """Gain of each batch and feature, shape (batches, p); 1 if unknown.

    Parameters
    ----------
    lines : sequence of Line
        One per batch.
    standard : int or None
        Batch whose gain is 1; None makes the mean square over batches 1.
    empirical_bayes : bool
        Shrink the gains of all features of a batch towards their mean, the more
        the larger their standard error (normal prior, normal error).
    """
    slopes = np.array([one.slope for one in lines])
    known = np.isfinite(slopes)
    unit = np.sqrt(_mean(slopes**2, known)) if standard is None else slopes[standard]
    unit = np.where(unit >= LEAST_GAIN, unit, np.nan)
    found = slopes / unit
    if empirical_bayes:
        errors = [one.variance / unit**2 for one in lines]
        found = np.array([_shrunk(*pair) for pair in zip(found, errors, strict=True)])
    if standard is not None:
        found[standard] = 1.0
    return np.where(found >= LEAST_GAIN, found, 1.0)


def _shrunk(slope: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Posterior means; features with large errors count little in the prior."""
    known = np.isfinite(slope)
    if known.sum() < MIN_FEATURES:
        return slope
    own, error = slope[known], variance[known]
    weight = 1 / (1 + error / max(float(np.median(error)), np.finfo(float).tiny))
    mean = np.average(own, weights=weight)
    spread = max(float(np.average((own - mean) ** 2 - error, weights=weight)), 0.0)
    total = spread + error
    share = np.divide(spread, total, out=np.ones_like(total), where=total > 0)
    result = slope.copy()
    result[known] = share * own + (1 - share) * mean
    return result


def _mean(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Mean (p,) over the batches where a value is known; NaN if nowhere."""
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.asarray(
        np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    )


def _centred(values: np.ndarray, finite: np.ndarray) -> np.ndarray:
    """Values less the mean of their finite rows; zero elsewhere."""
    count = np.maximum(finite.sum(axis=0), 1)
    mean = np.where(finite, values, 0.0).sum(axis=0) / count
    return np.where(finite, values - mean, 0.0)
