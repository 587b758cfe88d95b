"""Place of a score in development, interval of its risk, and reasons for none."""

from collections.abc import Sequence

import numpy as np

from ...models.fitted_model import Baseline

#: Percentiles between which 95 % of the models of bootstrap samples lie.
LOWER, UPPER = 2.5, 97.5
#: Fewer samples tell no interval; of fewer than 40, its ends are the extremes of them.
LEAST_SAMPLES = 10
NO_SAMPLES = "the model has no bootstrap samples"
NO_PROBABILITY = "the model states no probability"
NO_HAZARD = "the model has no baseline hazard"
NO_STRATUM = "the stratum of the subject is not known to the model"
BEYOND = "the hazard of this score is beyond what numbers can hold"
NOT_FINITE = "the score is not a finite number"


def interval(values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Percentiles 2.5 and 97.5 over samples of each of n values, and their number.

    Parameters
    ----------
    values : ndarray of float, shape (samples, n)
        A sample with NaN counts for nothing.
    n : int
        Number of values.

    Returns
    -------
    tuple of ndarray (n,), ndarray (n,) and int
        NaN, if fewer than `LEAST_SAMPLES` samples have values.
    """
    known = values[np.isfinite(values).all(axis=1)] if values.size else values
    if len(known) < LEAST_SAMPLES:
        return np.full(n, np.nan), np.full(n, np.nan), len(known)
    lower, upper = np.percentile(known, [LOWER, UPPER], axis=0)
    return lower, upper, len(known)


def percentile(score: float, development: Sequence[float]) -> float:
    """Percentile (0 to 100) of a score among those of development, interpolated.

    Parameters
    ----------
    score : float
    development : sequence of float
        Scores at equally spaced percentiles from 0 to 100. Of a score that several of
        them have, the middle one counts.

    Returns
    -------
    float
        0 below and 100 above all scores of development; NaN without any.
    """
    if not len(development):
        return float("nan")
    known = np.asarray(development, dtype=float)
    places = np.linspace(0.0, 100.0, len(known))
    same = np.flatnonzero(known == score)
    if len(same):
        return float((places[same[0]] + places[same[-1]]) / 2)
    return float(np.interp(score, known, places, left=0.0, right=100.0))


def no_risk(baseline: Baseline | None, stratum: str | None) -> str:
    """Reason why a score with times has no risk."""
    if baseline is None:
        return NO_HAZARD
    if baseline.strata and stratum not in baseline.strata:
        return NO_STRATUM
    return BEYOND


def why_no_samples(n: int, n_usable: int) -> str | None:
    if n == 0:
        return NO_SAMPLES
    if n_usable < min(n, LEAST_SAMPLES):
        return f"{n - n_usable} of {n} bootstrap samples need predictors not given here"
    return None
