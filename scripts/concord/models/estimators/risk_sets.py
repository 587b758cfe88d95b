"""Risk sets of survival times: who may still have the event, by stratum and time."""

from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

#: Treatment of events at one time.
Ties = Literal["efron", "breslow"]


class RiskSets:
    """Risk sets at the event times of each stratum; rows are in order of these.

    A group is an event time of a stratum. Each of its events is a term of the
    likelihood, whose risk set lacks a share of the events of the group (Efron) or
    nothing of them (Breslow). Subjects censored at an event time are still at risk.

    Parameters
    ----------
    event : ndarray of bool, shape (n,)
        Whether the event was observed.
    time : ndarray of float, shape (n,)
        Time to event or censoring, any unit.
    strata : ndarray, shape (n,), optional
        Stratum of each row; without it there is one.
    ties : str
        Efron's treatment of events at one time, or Breslow's.

    Attributes
    ----------
    order : ndarray of int, shape (n,)
        Rows by stratum and time; all other attributes are in this order.
    deaths : ndarray of int, shape (m,)
        Rows with an event, one per term.
    group_of : ndarray of int, shape (m,)
        Group of each term.
    times : ndarray of float, shape (groups,)
        Event time of each group.
    n_groups_passed : ndarray of int, shape (n,)
        Groups of all strata up to the time of each row in its own.
    """

    def __init__(
        self,
        event: np.ndarray,
        time: np.ndarray,
        strata: np.ndarray | None = None,
        ties: Ties = "efron",
    ) -> None:
        numbers = np.zeros(len(time), int)
        self.labels = np.zeros(1, int)
        if strata is not None:
            self.labels, numbers = np.unique(strata, return_inverse=True)
        self.order = np.lexsort((time, numbers))
        self._in_order = bool((np.diff(self.order) == 1).all())
        times = np.asarray(time, dtype=float)[self.order]
        self.stratum_of = numbers[self.order]
        self.event = np.asarray(event, dtype=bool)[self.order]
        self.deaths = np.flatnonzero(self.event)
        first_row = _starts_of_ties(times, self.stratum_of)[self.deaths]
        self._first_row, self.group_of, self.n_tied = np.unique(
            first_row, return_inverse=True, return_counts=True
        )
        self.times = times[self._first_row]
        self.first_term = np.cumsum(self.n_tied) - self.n_tied
        rank = np.arange(len(self.deaths)) - self.first_term[self.group_of]
        self.share = (ties == "efron") * rank / self.n_tied[self.group_of]
        rows = np.arange(len(times))
        self.n_groups_passed = np.searchsorted(self._first_row, rows, "right")
        # Sums that cross strata would lose digits.
        bounds = np.searchsorted(self.stratum_of, np.arange(len(self.labels) + 1))
        self.rows_of = [slice(*two) for two in pairwise(bounds)]
        of_strata = np.searchsorted(self._first_row, bounds)
        self.groups_of = [slice(*two) for two in pairwise(of_strata)]
        self._group_before = of_strata[self.stratum_of]

    def ordered(self, values: np.ndarray) -> np.ndarray:
        """Values (n, ...) in the order of strata and times, of one layout in memory."""
        if self._in_order:
            return values
        if values.flags.f_contiguous:
            return values.T[..., self.order].T
        return np.asarray(values[self.order])

    def ever_at_risk(self) -> np.ndarray:
        """Rows of the subjects at risk at some event; no other row informs.

        Their places among all, as given, ascending.
        """
        first = [
            self._first_row[groups.start] if groups.start < groups.stop else rows.stop
            for rows, groups in zip(self.rows_of, self.groups_of, strict=True)
        ]
        informs = np.arange(len(self.order)) >= np.asarray(first)[self.stratum_of]
        return np.sort(self.order[informs])

    @property
    def has_passed(self) -> np.ndarray:
        """True where an event time of its stratum has come by a row's time, (n,)."""
        return np.asarray(self.n_groups_passed > self._group_before)

    def at_risk(self, values: np.ndarray) -> np.ndarray:
        """Sum of values (n, ...) over all at risk at each event time, (groups, ...)."""
        summed = np.zeros((len(self.times), *values.shape[1:]))
        if not len(self.times):
            return summed
        between = np.add.reduceat(values, self._cuts, axis=0)[self._begins_group]
        for groups in self.groups_of:
            np.cumsum(between[groups][::-1], axis=0, out=summed[groups][::-1])
        return summed

    def dying(self, values: np.ndarray) -> np.ndarray:
        """Sum of values (n, ...) over the events of each group, (groups, ...)."""
        if not len(self.times):
            return np.zeros((0, *values.shape[1:]))
        return np.asarray(np.add.reduceat(values[self.deaths], self.first_term, axis=0))

    def per_group(self, terms: np.ndarray) -> np.ndarray:
        """Sum of each group's terms (m,), shape (groups,)."""
        if not len(self.times):
            return np.zeros(0)
        return np.asarray(np.add.reduceat(terms, self.first_term))

    def up_to_now(self, steps: np.ndarray) -> np.ndarray:
        """Sum of steps (groups,) up to the time of each row, shape (n,)."""
        found = np.zeros(len(self.order))
        for rows, groups in zip(self.rows_of, self.groups_of, strict=True):
            summed = np.concatenate([[0.0], np.cumsum(steps[groups])])
            found[rows] = summed[self.n_groups_passed[rows] - groups.start]
        return found

    @cached_property
    def _cuts(self) -> np.ndarray:
        """Rows where a group or a stratum begins."""
        starts = [rows.start for rows in self.rows_of if rows.start < rows.stop]
        return np.union1d(self._first_row, starts)

    @cached_property
    def _begins_group(self) -> np.ndarray:
        return np.isin(self._cuts, self._first_row)


def _starts_of_ties(times: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Number of the first row of each row's time and stratum; rows are in order."""
    is_first = np.ones(len(times), bool)
    is_first[1:] = (np.diff(times) != 0) | (np.diff(strata) != 0)
    return np.maximum.accumulate(np.where(is_first, np.arange(len(times)), 0))
