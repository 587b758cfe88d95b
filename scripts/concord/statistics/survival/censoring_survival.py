"""Kaplan-Meier estimate of the time to censoring: probability of being followed on."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CensoringSurvival:
    """Probability G of not being censored, a right-continuous step function of time.

    `times` are the days on which somebody is censored, ascending, shape (k,);
    `survival` is G from each of them on, and 1 before the first.

    References
    ----------
    Graf, E., Schmoor, C., Sauerbrei, W. and Schumacher, M. (1999). "Assessment and
    comparison of prognostic classification schemes for survival data". Statistics in
    Medicine, 18, 2529-2545.
    https://doi.org/10.1002/(SICI)1097-0258(19990915/30)18:17/18<2529::AID-SIM274>3.0.CO;2-5
    """

    times: np.ndarray
    survival: np.ndarray

    @classmethod
    def of(
        cls, days: np.ndarray, censored: np.ndarray, event: np.ndarray
    ) -> "CensoringSurvival":
        """Estimate of subjects whose censoring is independent of their outcome.

        Of an event and a censoring on the same day the event is the earlier, so that a
        subject with an event is not at risk of a censoring of that day.

        Parameters
        ----------
        days : ndarray of float, shape (n,)
            Time to event or censoring.
        censored : ndarray of bool, shape (n,)
            True for a subject who is lost on that day. One with neither a censoring nor
            an event was followed as long as was asked for.
        event : ndarray of bool, shape (n,)
            True for an event on that day, of any cause.
        """
        times, lost = np.unique(days[censored], return_counts=True)
        # Everybody whose day is this one or later, but for the events of this one.
        at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
        events = np.sort(days[event])
        at_risk -= np.searchsorted(events, times, side="right")
        at_risk += np.searchsorted(events, times, side="left")
        return cls(times, np.cumprod(1.0 - lost / at_risk))

    def at(self, days: np.ndarray) -> np.ndarray:
        """G(t): probability of not being censored by the end of each day."""
        return self._value(np.searchsorted(self.times, days, side="right"))

    def before(self, days: np.ndarray) -> np.ndarray:
        """G(t-): probability of not being censored before each day."""
        return self._value(np.searchsorted(self.times, days, side="left"))

    def _value(self, place: np.ndarray) -> np.ndarray:
        return np.asarray(np.concatenate([[1.0], self.survival])[place])
