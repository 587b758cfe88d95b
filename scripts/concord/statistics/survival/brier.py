"""Brier score of risks at a horizon, with weights for censoring and its influences."""

from dataclasses import dataclass

import numpy as np

from .censoring_survival import CensoringSurvival


@dataclass(frozen=True)
class Score:
    """Mean squared error with the influence of each subject on it.

    The influences have mean 0; their squares over the squared number of subjects add up
    to the squared standard error of independent subjects.
    """

    estimate: float
    influence: np.ndarray  # (n,)


@dataclass(frozen=True)
class HorizonBrier:
    """Brier scores at one horizon of any predictions for the same subjects [1]_ [2]_.

    Squared distances of the risk to 1 for events of the cause by the horizon and to 0
    for all others whose status at the horizon is known, each weighted by the inverse of
    the probability of having been followed as long.

    References
    ----------
    .. [1] Graf, E., Schmoor, C., Sauerbrei, W. and Schumacher, M. (1999). "Assessment
           and comparison of prognostic classification schemes for survival data".
           Statistics in Medicine, 18, 2529-2545.
    .. [2] Gerds, T. A. and Schumacher, M. (2006). "Consistent estimation of the
           expected Brier score in general survival models with right-censored event
           times".
           Biometrical Journal, 48, 1029-1040. https://doi.org/10.1002/bimj.200610301
    """

    time: np.ndarray  # (n,)
    censored: np.ndarray  # (n,), bool
    status: np.ndarray  # (n,), 1 for an event of the cause by the horizon
    weight: np.ndarray  # (n,), 0 where the status at the horizon is unknown
    reached: np.ndarray  # (n,), bool: followed beyond the horizon
    horizon: float

    @classmethod
    def of(
        cls, time: np.ndarray, code: np.ndarray, cause: int, horizon: float
    ) -> "HorizonBrier":
        """Weights of subjects whose censoring does not depend on anything.

        Parameters
        ----------
        time : ndarray of float, shape (n,)
            Time to the first event or censoring.
        code : ndarray of int, shape (n,)
            0 without an event, else the code of its cause.
        cause : int
            Code of the cause of interest.
        horizon : float
            Time, in the unit of `time`.
        """
        event, censored = code > 0, code == 0
        followed = CensoringSurvival.of(time, censored, event)
        reached = time > horizon
        weight = np.zeros(len(time))
        happened = event & ~reached
        weight[happened] = 1 / followed.before(time[happened])
        if reached.any():
            weight[reached] = 1 / followed.at(np.array([horizon]))[0]
        status = ((code == cause) & ~reached).astype(float)
        return cls(time, censored, status, weight, reached, horizon)

    def score(self, risk: np.ndarray) -> Score:
        """Brier score of risks at the horizon, shape (n,)."""
        error = self.weight * (self.status - risk) ** 2
        estimate = float(error.mean())
        return Score(estimate, error - estimate + self._of_censoring(error))

    def _of_censoring(self, error: np.ndarray) -> np.ndarray:
        """Influence of each subject by the estimated probability of being followed.

        A censoring at s raises all later weights by the share ``1 / Y(s)``; the Y(s)
        subjects who were followed to s are expected to do so by the hazard of s.
        """
        until = np.where(self.reached, self.horizon, self.time)
        days = np.unique(self.time[self.censored & ~self.reached])
        if not len(days):
            return np.zeros(len(self.time))
        order = np.argsort(until, kind="stable")
        total = np.concatenate([[0.0], np.cumsum(error[order])])
        # Weights of events just before s hold no censoring of s; those of survivors do.
        place = np.searchsorted(until[order], days, side="right")
        later = total[-1] - total[place]
        later += np.where(days == self.horizon, error[self.reached].sum(), 0.0)
        every = np.sort(self.time)
        at_risk = len(every) - np.searchsorted(every, days, side="left")
        is_lost = self.censored & ~self.reached
        lost = np.bincount(np.searchsorted(days, self.time[is_lost]))
        own = np.zeros(len(self.time))
        own[is_lost] = (later / at_risk)[np.searchsorted(days, self.time[is_lost])]
        drift = np.concatenate([[0.0], np.cumsum(later * lost / at_risk**2)])
        return np.asarray(own - drift[np.searchsorted(days, self.time, side="right")])


def integrated(times: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Mean Brier score from 0 to the last time, straight between the times.

    At time 0 all risks are 0 and the score is 0. Scores may be influences as well, of
    which the last axis is time.

    Parameters
    ----------
    times : ndarray of float, shape (m,)
        Ascending times above 0.
    scores : ndarray of float, shape (..., m)
        Brier scores at these times.
    """
    start = np.zeros((*scores.shape[:-1], 1))
    values = np.concatenate([start, scores], axis=-1)
    steps = np.diff(times, prepend=0.0)
    area = ((values[..., 1:] + values[..., :-1]) / 2 * steps).sum(axis=-1)
    return np.asarray(area / times[-1])
