"""Restricted mean survival time of a group: the area below its curve until a time."""

from typing import NamedTuple

import numpy as np

from .kaplan_meier import KaplanMeier


class RestrictedMean(NamedTuple):
    """Mean time until the event or tau, whichever is first, with its standard error.

    `influence` (n,) is what each subject adds to the error: sums over clusters,
    squared and added up, are a variance that knows the clusters.
    """

    estimate: float
    standard_error: float
    influence: np.ndarray


def restricted_mean(event: np.ndarray, time: np.ndarray, tau: float) -> RestrictedMean:
    """Restricted mean survival time with Greenwood's standard error [1]_.

    Estimate and error are NaN if the last subject is censored before tau: the curve is
    not known until then.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
    time : ndarray of float, shape (n,)
    tau : float
        In the unit of the times.

    References
    ----------
    .. [1] Royston, P., Parmar, M. K. B. (2013). "Restricted mean survival time: an
           alternative to the hazard ratio for the design and analysis of randomized
           trials with a time-to-event outcome". BMC Med Res Methodol, 13, 152.
           https://doi.org/10.1186/1471-2288-13-152
    """
    curve = KaplanMeier.of(event, time)
    unknown = RestrictedMean(np.nan, np.nan, np.full(len(time), np.nan))
    if not len(time) or (curve.times[-1] < tau and curve.survival[-1] > 0):
        return unknown
    areas = _areas_to(curve, tau)
    left = curve.at_risk - curve.events
    weight = np.where(left > 0, areas, 0.0) / np.where(left > 0, left, 1.0)
    hazard = curve.events / curve.at_risk
    variance = float((areas * weight * hazard).sum())
    place = np.searchsorted(curve.times, time)
    expected = np.cumsum(weight * hazard)
    own = weight[place] * (np.asarray(event) == 1)
    return RestrictedMean(
        float(_area(curve, 0.0, tau)), variance**0.5, expected[place] - own
    )


def clustered_error(influence: np.ndarray, cluster: np.ndarray) -> float:
    """Standard error of an estimate from influences (n,), clusters as the unit."""
    labels = np.unique(cluster, return_inverse=True)[1]
    return float(np.sqrt((np.bincount(labels, influence) ** 2).sum()))


def _area(curve: KaplanMeier, start: float, end: float) -> float:
    times = np.clip(np.concatenate([[0.0], curve.times, [end]]), start, end)
    return float((np.diff(times) * np.concatenate([[1.0], curve.survival])).sum())


def _areas_to(curve: KaplanMeier, tau: float) -> np.ndarray:
    """Area below the curve from each of its times to tau (m,); 0 after tau."""
    ends = np.minimum(np.append(curve.times, tau), tau)
    pieces = np.diff(ends) * curve.survival
    return np.asarray(np.cumsum(pieces[::-1])[::-1])
