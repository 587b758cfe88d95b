"""Pairs of outcomes with times: C-indices up to a day, and the AUC at a day.

Weights are inverses of the probability of being followed as long. They are taken as
given, but for the AUC at a day, where `HorizonPairs` tells what their estimate adds.
"""

from dataclasses import dataclass

import numpy as np

from ..discrimination import PairCounts, pair_counts
from .censoring import Censoring

#: Status at a day.
CASE, CONTROL, UNKNOWN = 1, 0, -1


def harrell_pairs(
    event: np.ndarray,
    days: np.ndarray,
    score: np.ndarray,
    until: float,
    group: np.ndarray | None = None,
) -> PairCounts:
    """Pairs of Harrell's C whose earlier event is by day `until`; all of shape (n,)."""
    early = (np.asarray(event) == 1) & (days <= until)
    return pair_counts(early, score, np.minimum(days, until), group)


def uno_pairs(
    event: np.ndarray,
    days: np.ndarray,
    score: np.ndarray,
    until: float,
    followed: np.ndarray,
    group: np.ndarray | None = None,
) -> PairCounts:
    """Pairs of Uno's C, each weighted by the follow-up of the earlier event.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
        Whether the event was observed.
    days, score : ndarray of float, shape (n,)
        Time to event or censoring; larger scores mean an earlier event.
    until : float
        Last day on which an event counts.
    followed : ndarray of float, shape (n,)
        Probability of not being censored before `days`; a pair has the weight of its
        inverse square.
    group : ndarray, shape (n,), optional
        Only pairs of one group are compared.

    References
    ----------
    Uno, H., Cai, T., Pencina, M. J., D'Agostino, R. B. and Wei, L. J. (2011). "On the
    C-statistics for evaluating overall adequacy of risk prediction procedures with
    censored survival data". Statistics in Medicine, 30, 1105-1117.
    https://doi.org/10.1002/sim.4154
    """
    early = (np.asarray(event) == 1) & (days <= until)
    later = (days[:, None] < days[None, :]) | (
        (days[:, None] == days[None, :]) & ~(np.asarray(event) == 1)[None, :]
    )
    comparable = early[:, None] & later
    if group is not None:
        comparable &= group[:, None] == group[None, :]
    inverse = np.divide(1.0, followed**2, out=np.zeros(len(days)), where=early)
    counted = comparable * inverse[:, None]
    wins = (score[:, None] > score[None, :]) + 0.5 * (score[:, None] == score[None, :])
    return PairCounts(_both(counted * wins), _both(counted))


@dataclass(frozen=True)
class HorizonPairs(PairCounts):
    """Weighted pairs of cases and controls at several days, shape (m, n)."""

    until: np.ndarray  # (m, n), day up to which each subject had to be followed

    def of_censoring(self, censoring: Censoring) -> np.ndarray:
        """Influence by way of the weights of each subject of `censoring`, (m, N)."""
        total = self.pairs.sum(axis=-1, keepdims=True) / 2
        excess = self.wins - np.nan_to_num(self.value)[:, None] * self.pairs
        shares = np.divide(excess, total, out=np.zeros_like(excess), where=total > 0)
        found = zip(shares, self.until, strict=True)
        return np.array([censoring.influence(*one) for one in found])


def horizon_pairs(
    status: np.ndarray,
    days: np.ndarray,
    score: np.ndarray,
    horizons: np.ndarray,
    censoring: Censoring,
    group: np.ndarray | None = None,
) -> HorizonPairs:
    """Pairs of the cumulative/dynamic AUC: cases by a day, controls at that day.

    A case is a subject whose event of interest came by the day; a control is one who is
    followed to it without an event, or had an event of another cause. Whoever is
    censored before has no weight.

    Parameters
    ----------
    status : ndarray of int, shape (n,)
        0 for censored, 1 for the event of interest, 2 for one of another cause.
    days, score : ndarray of float, shape (n,)
        Time to event or censoring; larger scores mean that the event is likelier.
    horizons : ndarray of float, shape (m,)
        The days.
    censoring : Censoring
        Distribution of censoring.
    group : ndarray, shape (n,), optional
        Only pairs of one group are compared.

    References
    ----------
    Blanche et al. 2013, doi:10.1002/sim.5958; Uno et al. 2007,
    doi:10.1198/016214507000000149.
    """
    known = states(status, days, horizons)
    until, weight = horizon_follow_up(known, days, horizons, censoring)
    shape = known.shape
    each = np.broadcast_to(score, shape)
    groups = None if group is None else np.broadcast_to(group, shape)
    counts = pair_counts(known == CASE, each, None, groups, weight)
    return HorizonPairs(counts.wins, counts.pairs, until)


def states(status: np.ndarray, days: np.ndarray, horizons: np.ndarray) -> np.ndarray:
    """CASE, CONTROL or UNKNOWN of each subject at each day, shape (m, n)."""
    day = np.asarray(horizons, dtype=float)[:, None]
    happened = (status > 0) & (days <= day)
    found = np.where(happened | (days >= day), CONTROL, UNKNOWN)
    return np.asarray(np.where(happened & (status == 1), CASE, found))


def horizon_follow_up(
    known: np.ndarray, days: np.ndarray, horizons: np.ndarray, censoring: Censoring
) -> tuple[np.ndarray, np.ndarray]:
    """Day that each subject had to be followed to, and its weight, both (m, n).

    0 is the weight of whom nothing is known at the day. `known` is of `states`.
    """
    until = np.minimum(days, np.asarray(horizons, dtype=float)[:, None])
    followed = censoring.before(until)
    nothing = np.zeros(known.shape)
    informs = (known != UNKNOWN) & (followed > 0)
    return until, np.divide(1.0, followed, out=nothing, where=informs)


def _both(matrix: np.ndarray) -> np.ndarray:
    """Sums over rows and columns of each subject, shape (n,)."""
    return np.asarray(matrix.sum(axis=1) + matrix.sum(axis=0))
