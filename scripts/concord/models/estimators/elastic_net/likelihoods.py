"""Logistic and Cox's likelihood as functions of the linear predictor of each row."""

from itertools import pairwise
from typing import Literal

import numpy as np

Ties = Literal["efron", "breslow"]


class LogisticLikelihood:
    """Mean negative log-likelihood of a 0/1 outcome (n,); the intercept is a column."""

    def __init__(self, event: np.ndarray) -> None:
        self._event = np.asarray(event, dtype=float)

    def value(self, linear: np.ndarray) -> float:
        """Mean negative log-likelihood."""
        total = np.logaddexp(0.0, linear).sum() - self._event @ linear
        return float(total / len(linear))

    def slope(self, linear: np.ndarray) -> np.ndarray:
        """Derivative by the linear predictor of each row, shape (n,)."""
        return np.asarray((_probability(linear) - self._event) / len(linear))

    def hessian(self, columns: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Second derivative by the coefficients of columns (n, p), shape (p, p)."""
        expected = _probability(linear)
        weight = expected * (1.0 - expected) / len(linear)
        return np.asarray((columns * weight[:, None]).T @ columns)


def _probability(linear: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(linear, -700, 700))))


class CoxLikelihood:
    """Mean negative log partial likelihood, with strata and tied events.

    Subjects censored at an event time are still at risk then. Strata have risk sets of
    their own.

    Parameters
    ----------
    event : ndarray of bool, shape (n,)
        Whether the event was observed.
    time : ndarray of float, shape (n,)
        Time to event or censoring, any unit.
    strata : ndarray, shape (n,), optional
        Stratum of each row; without it there is one.
    ties : str
        Efron's treatment of events at one time [1]_, or Breslow's [2]_.

    References
    ----------
    .. [1] Efron, B. (1977). "The efficiency of Cox's likelihood function for
           censored data". JASA, 72, 557-565.
           https://doi.org/10.1080/01621459.1977.10480613
    .. [2] Breslow, N. E. (1974). "Covariance analysis of censored survival data".
           Biometrics, 30, 89-99. https://doi.org/10.2307/2529620
    """

    def __init__(
        self,
        event: np.ndarray,
        time: np.ndarray,
        strata: np.ndarray | None = None,
        ties: Ties = "efron",
    ) -> None:
        groups = np.zeros(len(time), int)
        if strata is not None:
            groups = np.unique(np.asarray(strata), return_inverse=True)[1]
        self._order = np.lexsort((time, groups))
        times, groups = np.asarray(time, float)[self._order], groups[self._order]
        self._event = np.asarray(event, bool)[self._order]
        self._deaths = np.flatnonzero(self._event)
        starts = _starts_of_ties(times, groups)
        # One term per event; `share` of the tied deaths has left the risk set.
        self._first, self._tie_of, n_tied = np.unique(
            starts[self._deaths], return_inverse=True, return_counts=True
        )
        self._first_term = np.concatenate([[0], np.cumsum(n_tied)[:-1]]).astype(int)
        rank = np.arange(len(self._deaths)) - self._first_term[self._tie_of]
        self._share = (ties == "efron") * rank / n_tied[self._tie_of]
        # Rows and terms of each stratum; sums that cross strata would lose digits.
        bounds = np.searchsorted(groups, np.arange(groups.max(initial=0) + 2))
        self._strata = list(pairwise(bounds))
        term_bounds = np.searchsorted(self._deaths, bounds)
        self._terms = list(pairwise(term_bounds))
        self._stratum_of = groups
        # Terms of the own stratum, up to the own time, in which each row is at risk.
        term = np.concatenate([self._first_term, [len(self._deaths)]])
        passed = np.searchsorted(self._first, np.arange(len(times)), "right")
        self._n_passed = term[passed] - term_bounds[groups]

    def value(self, linear: np.ndarray) -> float:
        """Mean negative log partial likelihood."""
        ordered, highest, _, total = self._totals(linear)
        deaths = self._deaths
        found = (ordered[deaths] - highest[deaths] - np.log(total)).sum()
        return float(-found / len(linear))

    def slope(self, linear: np.ndarray) -> np.ndarray:
        """Derivative by the linear predictor of each row, shape (n,)."""
        _, _, risk, total = self._totals(linear)
        slope = np.empty(len(linear))
        slope[self._order] = self._expected(risk, 1.0 / total) - self._event
        return slope / len(linear)

    def hessian(self, columns: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Second derivative by the coefficients of columns (n, p), shape (p, p)."""
        columns = columns[self._order]
        _, _, risk, total = self._totals(linear)
        weight = self._expected(risk, 1.0 / total)
        means = self._remaining(risk[:, None] * columns) / total[:, None]
        found = (columns * weight[:, None]).T @ columns - means.T @ means
        return np.asarray(found / len(linear))

    def _totals(
        self, linear: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Predictor in the order of time, maximum of the stratum, risk; term totals.

        Risks are relative to the maximum of the stratum.
        """
        ordered = linear[self._order]
        largest = [ordered[rows].max(initial=-np.inf) for rows in self._slices()]
        highest = np.asarray(largest)[self._stratum_of]
        risk = np.exp(ordered - highest)
        total = np.maximum(self._remaining(risk), np.finfo(float).tiny)
        return ordered, highest, risk, total

    def _expected(self, risk: np.ndarray, inverse: np.ndarray) -> np.ndarray:
        """Expected number of events of each row, in the order of time."""
        expected = np.zeros(len(risk))
        for rows, (first, last) in zip(self._slices(), self._terms, strict=True):
            summed = np.concatenate([[0.0], np.cumsum(inverse[first:last])])
            expected[rows] = risk[rows] * summed[self._n_passed[rows]]
        if len(inverse):
            shares = np.add.reduceat(self._share * inverse, self._first_term)
            expected[self._deaths] -= risk[self._deaths] * shares[self._tie_of]
        return expected

    def _remaining(self, values: np.ndarray) -> np.ndarray:
        """Sum over the risk set less the share of tied deaths, per event term."""
        if not len(self._deaths):
            return np.zeros((0, *values.shape[1:]))
        at_risk = np.empty_like(values)
        for rows in self._slices():
            at_risk[rows] = np.cumsum(values[rows][::-1], axis=0)[::-1]
        dying = np.add.reduceat(values[self._deaths], self._first_term, axis=0)
        share = self._share.reshape(-1, *[1] * (values.ndim - 1))
        left = at_risk[self._first][self._tie_of] - share * dying[self._tie_of]
        return np.asarray(left)

    def _slices(self) -> list[slice]:
        return [slice(*bounds) for bounds in self._strata]


def _starts_of_ties(times: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Number of the first row of each row's time and stratum; rows are in order."""
    is_first = np.ones(len(times), bool)
    is_first[1:] = (np.diff(times) != 0) | (np.diff(groups) != 0)
    return np.maximum.accumulate(np.where(is_first, np.arange(len(times)), 0))
