"""Subjects flagged by a rule, and how many of them have the event: shares of everybody.

A share counts everybody, so that shares of flagged subjects with and without the event
add up to the share that is flagged.
"""

from dataclasses import dataclass

import numpy as np

from ..competing.risk_table import before

#: Fewer subjects than this are rounding.
_NOBODY = 1e-9


@dataclass(frozen=True)
class Flagged:
    """Shares of all subjects under each of T rules, and how each subject moves them.

    Attributes
    ----------
    share : ndarray of float, shape (T,)
        Flagged subjects.
    true_positives : ndarray of float, shape (T,)
        Flagged subjects with the event; NaN where nobody who is flagged is followed to
        the horizon.
    share_influence, true_influence : ndarray of float, shape (T, n)
        Influence of each subject on both: the sum of their squares is the variance of
        the infinitesimal jackknife.
    """

    share: np.ndarray
    true_positives: np.ndarray
    share_influence: np.ndarray
    true_influence: np.ndarray

    @property
    def false_positives(self) -> np.ndarray:
        """Flagged subjects without the event, shape (T,)."""
        return np.asarray(self.share - self.true_positives)

    @property
    def false_influence(self) -> np.ndarray:
        """Influence of each subject on the false positives, shape (T, n)."""
        return np.asarray(self.share_influence - self.true_influence)


def flagged(
    event: np.ndarray, flags: np.ndarray, weight: np.ndarray | None = None
) -> Flagged:
    """Shares by known outcomes.

    Parameters
    ----------
    event : ndarray, shape (n,)
        1 with the event, 0 without.
    flags : ndarray of bool or float, shape (T, n)
        Who is flagged by each rule; between 0 and 1, with which probability.
    weight : ndarray of float, shape (n,), optional
        Number of subjects that each one stands for; 1 by default.
    """
    parts = np.ones(len(event)) if weight is None else np.asarray(weight, dtype=float)
    marks, total = np.asarray(flags, dtype=float), parts.sum()
    hits = marks * np.asarray(event, dtype=float)
    share, found = np.minimum(marks @ parts / total, 1.0), hits @ parts / total
    return Flagged(
        share,
        found,
        (marks - share[:, None]) * parts / total,
        (hits - found[:, None]) * parts / total,
    )


def flagged_by(
    horizon: float, days: np.ndarray, code: np.ndarray, flags: np.ndarray
) -> Flagged:
    """Shares with an event by a horizon, of outcomes that may be censored before it.

    The share of the flagged that have the event is Kaplan and Meier's estimate among
    them [1]_ or, with competing causes, that of Aalen and Johansen; censoring is taken
    as independent of the outcome within the flagged.

    Parameters
    ----------
    horizon : float
        Days, or the unit of `days`.
    days : ndarray of float, shape (n,)
        Time to the first event or censoring.
    code : ndarray of int, shape (n,)
        0 censored, 1 the event of interest, above 1 another cause.
    flags : ndarray of bool or float, shape (T, n)
        As of `flagged`.

    References
    ----------
    .. [1] Vickers, A. J., Cronin, A. M., Elkin, E. B. and Gonen, M. (2008).
           "Extensions to decision curve analysis, a novel method for evaluating
           diagnostic tests, prediction models and molecular markers". BMC Medical
           Informatics and Decision Making, 8, 53.
           https://doi.org/10.1186/1472-6947-8-53
    """
    marks, n = np.asarray(flags, dtype=float), len(days)
    share = marks.sum(axis=1) / n
    incidence, influence = _incidence(horizon, days, code, marks)
    incidence = np.where(share > 0, incidence, 0.0)
    moved = (marks - share[:, None]) / n
    true = moved * incidence[:, None] + (share / n)[:, None] * influence * n
    return Flagged(share, share * incidence, moved, true)


def _incidence(
    horizon: float, days: np.ndarray, code: np.ndarray, marks: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative incidence among the flagged (T,), derivatives by subject (T, n)."""
    own = (days <= horizon) & (code == 1)
    every = (days <= horizon) & (code > 0)
    times, place = np.unique(np.minimum(days, horizon), return_inverse=True)
    leaving, events, deaths = (
        _counted(place, rows, marks, len(times))
        for rows in (np.ones(len(days), dtype=bool), own, every)
    )
    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    survival = np.cumprod(1.0 - _divided(deaths, at_risk), axis=1)
    start = before(survival.T, 1.0).T
    steps = start * _divided(events, at_risk)
    last = steps.sum(axis=1)
    # Each subject moves the hazards of the times up to its own, and what follows them.
    later = last[:, None] - steps.cumsum(axis=1)
    rest = _divided(np.ones(at_risk.shape), at_risk - deaths)
    lost = (_divided(deaths, at_risk) * rest).cumsum(axis=1)
    influence = (steps * before(lost.T, 0.0).T).cumsum(axis=1) + lost * later
    influence = (influence - _divided(steps, at_risk).cumsum(axis=1))[:, place]
    influence += np.where(own, _divided(start, at_risk)[:, place], 0.0)
    influence -= np.where(every, (rest * later)[:, place], 0.0)
    followed = (marks * (days >= horizon)).sum(axis=1) > 0
    return np.where(followed | (survival[:, -1] <= 0), last, np.nan), marks * influence


def _counted(
    place: np.ndarray, rows: np.ndarray, marks: np.ndarray, n_times: int
) -> np.ndarray:
    """Flagged subjects of some rows at each time, shape (T, times)."""
    counts = np.zeros((n_times, len(marks)))
    np.add.at(counts, place[rows], marks.T[rows])
    return np.asarray(counts.T)


def _divided(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Quotient, 0 where nobody is left."""
    nothing = np.zeros(part.shape)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > _NOBODY))
