"""Events that a model expects in subjects that it never saw, against those observed.

References
----------
Debray, T. P. A. et al. (2017). "A guide to systematic review and meta-analysis of
prediction model performance". BMJ, 356, i6460. https://doi.org/10.1136/bmj.i6460

Crowson, C. S., Atkinson, E. J. and Therneau, T. M. (2016). "Assessing calibration of
prognostic risk scores". Statistical Methods in Medical Research, 25, 1692-1706.
https://doi.org/10.1177/0962280213497434
"""

from dataclasses import replace

import numpy as np
from scipy import special

from ...models.fitted_model import Baseline, StratumHazard
from ..intervals import Interval, symmetric_bounds

_NAN = float("nan")
_MOST_STEPS = 100
_TOLERANCE = 1e-12
#: Why there is no value or no interval.
NOBODY = "no subject with a known outcome has a score"
NO_RISK = "the model gives no risk"
NO_EVENT, ALL_EVENTS = "no event was observed", "every subject had the event"
WEIGHTED = "no interval: subjects are weighted for censoring"


def cumulative_hazards(
    baseline: Baseline,
    score: np.ndarray,
    time_days: np.ndarray,
    stratum: np.ndarray | None = None,
) -> np.ndarray:
    """Events that are expected of each subject within its own follow-up, shape (n,).

    The cumulative baseline hazard at the end of the follow-up times exp(score); after
    the last event of development it stays what it was. NaN without a baseline.

    Parameters
    ----------
    baseline : Baseline
        Of the final model.
    score : ndarray of float, shape (n,)
        Log hazards.
    time_days : ndarray of float, shape (n,)
        Days to event or censoring.
    stratum : ndarray of str, shape (n,), optional
        Strata, if the model has a hazard of each.
    """
    found = np.full(len(score), _NAN)
    if not baseline.strata:
        return _hazards(baseline, score, time_days)
    for name, hazard in baseline.strata.items():
        mine = np.asarray(stratum) == name
        found[mine] = _hazards(hazard, score[mine], time_days[mine])
    return found


def in_the_large(
    event: np.ndarray,
    expected: np.ndarray,
    weight: np.ndarray,
    cluster: np.ndarray,
    has_times: bool,
    confidence: float,
) -> Interval:
    """Calibration in the large: what must be added to every score.

    Of a binary outcome the intercept of a logistic model whose offset is the log odds;
    with times that of a Poisson model whose offset is the log of the expected events,
    which is the log of observed to expected. 0 is perfect, below 0 the risks are too
    high. Interval by Wald; with clusters of several subjects, by the sandwich over
    clusters.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
    expected : ndarray of float, shape (n,)
        Probability or, with times, events expected within the follow-up.
    weight : ndarray of float, shape (n,)
        Weights for censoring, or 1; with others than 1 there is no interval.
    cluster : ndarray, shape (n,)
    has_times : bool
    confidence : float
    """
    method = "Wald" + _over(cluster)
    if (reason := _undefined(event, expected, has_times)) is not None:
        return Interval(_NAN, _NAN, _NAN, _NAN, _NAN, method, reason)
    if has_times:
        found = observed_to_expected(
            event, expected, weight, cluster, has_times, confidence
        )
        low, high = np.log([found.lower, found.upper])
        at = float(np.log(found.estimate))
        return replace(found, estimate=at, lower=low, upper=high, method=method)
    shift = _intercept(event, expected, weight)
    fitted = special.expit(special.logit(expected) + shift)
    information = float((weight * fitted * (1 - fitted)).sum())
    se = 1 / np.sqrt(information)
    if len(set(cluster)) < len(cluster):
        se = _by_cluster(weight * (event - fitted), cluster) / information
    return _bounded(shift, se, weight, confidence, method)


def observed_to_expected(
    event: np.ndarray,
    expected: np.ndarray,
    weight: np.ndarray,
    cluster: np.ndarray,
    has_times: bool,
    confidence: float,
) -> Interval:
    """Observed events over expected ones (O:E); 1 is perfect.

    Arguments as for `in_the_large`. Interval on the log scale; the error is that of the
    observed events: binomial, or Poisson with times; over clusters, if some have
    several subjects.
    """
    method = "log scale" + _over(cluster)
    if (reason := _undefined(event, expected, has_times)) is not None:
        return Interval(_NAN, _NAN, _NAN, _NAN, _NAN, method, reason)
    observed, total = float((weight * event).sum()), float((weight * expected).sum())
    ratio = observed / total
    if has_times and len(set(cluster)) == len(cluster):
        se = 1 / np.sqrt(observed)
    else:
        usual = ratio * expected if has_times else np.mean(event)
        se = _by_cluster(event - usual, cluster) / observed
    found = _bounded(float(np.log(ratio)), se, weight, confidence, method)
    bounds = np.exp([found.lower, found.upper])
    return replace(found, estimate=ratio, lower=bounds[0], upper=bounds[1])


def _hazards(
    hazard: StratumHazard, score: np.ndarray, time_days: np.ndarray
) -> np.ndarray:
    if not hazard.times_days:
        return np.full(len(score), _NAN)
    place = np.searchsorted(hazard.times_days, time_days, side="right")
    at = np.append(0.0, hazard.cumulative_hazard)[place]
    return np.asarray(at * np.exp(score))


def _undefined(event: np.ndarray, expected: np.ndarray, has_times: bool) -> str | None:
    """Words for what has no value."""
    if not len(event):
        return NOBODY
    if not np.isfinite(expected).all() or not expected.sum() > 0:
        return NO_RISK
    if not event.any():
        return NO_EVENT
    return ALL_EVENTS if event.all() and not has_times else None


def _intercept(event: np.ndarray, expected: np.ndarray, weight: np.ndarray) -> float:
    """Shift of all log odds at which expected events are those observed (Newton)."""
    offset, shift = special.logit(np.clip(expected, 1e-15, 1 - 1e-15)), 0.0
    for _ in range(_MOST_STEPS):
        fitted = special.expit(offset + shift)
        slope = (weight * fitted * (1 - fitted)).sum()
        # A step of more than 1 may overshoot where the curve is flat.
        step = float(np.clip((weight * (event - fitted)).sum() / slope, -1.0, 1.0))
        shift += step
        if abs(step) < _TOLERANCE:
            break
    return shift


def _by_cluster(residuals: np.ndarray, cluster: np.ndarray) -> float:
    """Root of the summed squares of residuals summed within clusters."""
    names, place = np.unique(cluster.astype(str), return_inverse=True)
    summed = np.bincount(place, residuals, len(names))
    few = 1.0 if len(names) == len(cluster) else len(names) / max(len(names) - 1, 1)
    return float(np.sqrt(few * (summed**2).sum()))


def _bounded(
    estimate: float, se: float, weight: np.ndarray, confidence: float, method: str
) -> Interval:
    if (weight != 1).any():
        return Interval(estimate, _NAN, _NAN, _NAN, _NAN, method, WEIGHTED)
    lower, upper = symmetric_bounds(estimate, se, confidence)
    return Interval(estimate, se, 1.0, lower, upper, method)


def _over(cluster: np.ndarray) -> str:
    return ", over clusters" if len(set(cluster)) < len(cluster) else ""
