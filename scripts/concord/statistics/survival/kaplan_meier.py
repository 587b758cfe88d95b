"""Kaplan-Meier curve of one group: survival with bands, its median and numbers."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

Scale = Literal["log-log", "log", "plain"]
#: Survival this close to a quantile counts as equal to it.
_TIED = 1e-9
#: Numbers that are held at once.
_CELLS = 2_000_000


@dataclass(frozen=True)
class KaplanMeier:
    """Product-limit estimate at each distinct time of a group [1]_.

    Attributes
    ----------
    times : ndarray of float, shape (m,)
        Distinct times of events or censoring, ascending.
    at_risk, events, censored : ndarray of float, shape (m,)
        Subjects at risk just before each time, and what happened to them then.
    survival : ndarray of float, shape (m,)
        From each time on, until the next.
    log_error : ndarray of float, shape (m,)
        Standard error of the logarithm of survival: Greenwood's, or by clusters of
        subjects, from the influence of each on the estimate. NaN where survival is 0.

    References
    ----------
    .. [1] Kaplan, E. L., Meier, P. (1958). "Nonparametric estimation from incomplete
           observations". JASA, 53, 457-481.
           https://doi.org/10.1080/01621459.1958.10501452
    """

    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    survival: np.ndarray
    log_error: np.ndarray

    @classmethod
    def of(
        cls, event: np.ndarray, time: np.ndarray, cluster: np.ndarray | None = None
    ) -> Self:
        """Curve of some subjects.

        Parameters
        ----------
        event : ndarray of 0/1, shape (n,)
        time : ndarray of float, shape (n,)
            Time to event or censoring, any unit.
        cluster : ndarray, shape (n,), optional
            What subjects that are not independent share; without it, or where nobody
            shares anything, the error is Greenwood's.
        """
        times, place = np.unique(np.asarray(time, float), return_inverse=True)
        happened = np.asarray(event) == 1
        events = np.bincount(place[happened], minlength=len(times)).astype(float)
        here = np.bincount(place, minlength=len(times)).astype(float)
        at_risk = np.cumsum(here[::-1])[::-1]
        with np.errstate(divide="ignore"):
            survival = np.exp(np.cumsum(np.log(at_risk - events) - np.log(at_risk)))
        if cluster is None or len(np.unique(cluster)) == len(place):
            with np.errstate(divide="ignore", invalid="ignore"):
                variance = np.cumsum(events / (at_risk * (at_risk - events)))
        else:
            share = np.where(at_risk > events, 1.0, np.nan)
            weight = share / np.where(at_risk > events, at_risk - events, 1.0)
            variance = _clustered(place, happened, events / at_risk, weight, cluster)
        error = np.sqrt(np.where(survival > 0, variance, np.nan))
        return cls(times, at_risk, events, here - events, survival, error)

    def band(
        self, confidence: float, scale: Scale = "log-log"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Pointwise interval, shape (m,) each; NaN where survival is 0.

        Before the first event both bounds are 1.
        """
        from scipy.special import ndtri

        reach = ndtri(0.5 + confidence / 2) * self.log_error
        found, log = (
            self.survival,
            np.log(np.where(self.survival > 0, self.survival, 1)),
        )
        if scale == "plain":
            return np.clip(found - reach * found, 0, 1), np.clip(
                found + reach * found, 0, 1
            )
        if scale == "log":
            return np.exp(log - reach), np.minimum(np.exp(log + reach), 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.exp(np.where(log < 0, -reach / log, 0.0 * reach))
        return np.exp(log * factor), np.exp(log / factor)

    def at(self, time: float) -> int:
        """Place of the last time at or before another one; -1 before the first."""
        return int(np.searchsorted(self.times, time, side="right")) - 1

    def median(
        self, confidence: float, scale: Scale = "log-log"
    ) -> tuple[float, float, float]:
        """Median time to the event with its interval [1]_; NaN where not reached.

        The bounds are the medians of the bands of the curve. On a level part at
        exactly one half the median is the middle of this part.

        References
        ----------
        .. [1] Brookmeyer, R., Crowley, J. (1982). "A confidence interval for the
               median survival time". Biometrics, 38, 29-41.
               https://doi.org/10.2307/2530286
        """
        lower, upper = self.band(confidence, scale)
        curves = (self.survival, lower, upper)
        found, low, high = (self._crossing(curve, 0.5) for curve in curves)
        return found, low, high

    def _crossing(self, curve: np.ndarray, level: float) -> float:
        values = np.where(np.isnan(curve), 0.0, curve)
        below = np.flatnonzero(values <= level + _TIED)
        if not len(below):
            return float("nan")
        first = below[0]
        later = np.flatnonzero(values < level - _TIED)
        if values[first] < level - _TIED or not len(later):
            return float(self.times[first])
        return float((self.times[first] + self.times[later[0]]) / 2)


def _clustered(
    place: np.ndarray,
    happened: np.ndarray,
    hazard: np.ndarray,
    weight: np.ndarray,
    cluster: np.ndarray,
) -> np.ndarray:
    """Variance of log survival at each time (m,), clusters taken as the unit."""
    expected = np.cumsum(np.nan_to_num(hazard * weight))
    m, labels = len(hazard), np.unique(cluster, return_inverse=True)[1]
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    step = max(_CELLS // m, 1)
    total, bounds = np.zeros(m), [*starts, len(order)]
    first = 0
    while first < len(starts):
        last = max(int(np.searchsorted(bounds, bounds[first] + step)) - 1, first + 1)
        rows = order[bounds[first] : bounds[last]]
        reached = np.minimum(np.arange(m), place[rows][:, None])
        own = (np.arange(m) >= place[rows][:, None]) & happened[rows][:, None]
        found = own * np.nan_to_num(weight)[place[rows]][:, None] - expected[reached]
        sums = np.add.reduceat(found, np.array(bounds[first:last]) - bounds[first])
        total += (sums**2).sum(axis=0)
        first = last
    return total
