"""Distribution of censoring, and what its estimate adds to the error of weights."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from .censoring_survival import CensoringSurvival


@dataclass(frozen=True)
class Censoring:
    """Subjects with an event or censored, and their `CensoringSurvival`."""

    days: np.ndarray  # (n,), time to event or censoring
    censored: np.ndarray  # (n,), bool
    curve: CensoringSurvival

    @classmethod
    def of(cls, days: np.ndarray, event: np.ndarray) -> Self:
        """Estimate by subjects with times `days`; `event` is true for any event."""
        days, event = np.asarray(days, dtype=float), np.asarray(event, dtype=bool)
        return cls(days, ~event, CensoringSurvival.of(days, ~event, event))

    def before(self, days: np.ndarray) -> np.ndarray:
        """G just before some days: the share that is followed as long."""
        return self.curve.before(days)

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
        if not len(self.curve.times):
            return np.zeros(len(self.days))
        order = np.argsort(until, kind="stable")
        tail = np.append(np.cumsum(shares[order][::-1])[::-1], 0.0)
        beyond = tail[np.searchsorted(until[order], self.curve.times, side="right")]
        every = np.sort(self.days)
        at_risk = len(every) - np.searchsorted(every, self.curve.times, side="left")
        lost = np.unique(self.days[self.censored], return_counts=True)[1]
        moved = beyond / at_risk
        expected = np.concatenate([[0.0], np.cumsum(moved * lost / at_risk)])
        found = -expected[np.searchsorted(self.curve.times, self.days, side="right")]
        own = np.searchsorted(self.curve.times, self.days[self.censored])
        found[self.censored] += moved[own]
        return found
