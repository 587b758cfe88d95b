"""Distribution of censoring, and what its estimate adds to the error of weights."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Censoring:
    """Kaplan-Meier estimate of the probability of not being censored, G.

    Of an event and a censoring on the same day the event is the earlier, so that a
    subject with an event is not at risk of a censoring of that day.
    """

    days: np.ndarray  # (n,), time to event or censoring
    censored: np.ndarray  # (n,), bool
    times: np.ndarray  # (T,), distinct times of censoring
    survival: np.ndarray  # (T + 1,), G before the first of them and from each on

    @classmethod
    def of(cls, days: np.ndarray, event: np.ndarray) -> Self:
        """Estimate by subjects with times `days` (n,); `event` is true for any event.

        References
        ----------
        Graf, E., Schmoor, C., Sauerbrei, W. and Schumacher, M. (1999). "Assessment and
        comparison of prognostic classification schemes for survival data". Statistics
        in Medicine, 18, 2529-2545.
        """
        days, censored = np.asarray(days, dtype=float), ~np.asarray(event, dtype=bool)
        times, lost = np.unique(days[censored], return_counts=True)
        later = len(days) - np.searchsorted(np.sort(days), times, side="right")
        staying = np.cumprod(1.0 - lost / (later + lost))
        return cls(days, censored, times, np.concatenate([[1.0], staying]))

    def before(self, days: np.ndarray) -> np.ndarray:
        """G just before some days: the share that is followed as long."""
        place = np.searchsorted(self.times, days, side="left")
        return np.asarray(self.survival[place])

    def influence(self, shares: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Part of each subject (n,) in a value whose weights are inverses of G.

        Parameters
        ----------
        shares : ndarray of float, shape (m,)
            Derivative of the value by the logarithm of each weight.
        until : ndarray of float, shape (m,)
            Day of each weight, which is the inverse of G just before it.

        References
        ----------
        Blanche, P., Dartigues, J.-F. and Jacqmin-Gadda, H. (2013). "Estimating and
        comparing time-dependent areas under receiver operating characteristic curves
        for censored event times with competing risks". Statistics in Medicine, 32,
        5381-5397. https://doi.org/10.1002/sim.5958
        """
        if not len(self.times):
            return np.zeros(len(self.days))
        order = np.argsort(until, kind="stable")
        tail = np.append(np.cumsum(shares[order][::-1])[::-1], 0.0)
        beyond = tail[np.searchsorted(until[order], self.times, side="right")]
        every = np.sort(self.days)
        at_risk = len(every) - np.searchsorted(every, self.times, side="left")
        lost = np.unique(self.days[self.censored], return_counts=True)[1]
        moved = beyond / at_risk
        expected = np.concatenate([[0.0], np.cumsum(moved * lost / at_risk)])
        found = -expected[np.searchsorted(self.times, self.days, side="right")]
        own = np.searchsorted(self.times, self.days[self.censored])
        found[self.censored] += moved[own]
        return found
