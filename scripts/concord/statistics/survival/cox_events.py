"""Cox model without penalty, event by event: what was expected of each, tied or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_STEPS, _HALVINGS = 40, 30
#: Largest gradient per event, of columns in SD, at which the optimum is found.
_PRECISION = 1e-9
#: Largest linear predictor, in SD of a column, of an effect that is finite.
_FARTHEST = 30.0


class Moments(NamedTuple):
    """Weighted moments of the subjects at risk at each event, Efron's for ties.

    Of d tied events, the k-th (from 0) counts k/d of each of them out.
    """

    logs: np.ndarray  # log of the sum of weights, (d,)
    means: np.ndarray  # (d, p)
    variances: np.ndarray  # (d, p, p)


@dataclass(frozen=True)
class CoxEvents:
    """Events of some subjects in the order of stratum and time.

    Attributes
    ----------
    values : ndarray of float, shape (n, p)
        Columns in SD from their mean, rows by stratum, times descending.
    place : ndarray of int, shape (d,)
        Row of each event.
    last, first : ndarray of int, shape (d,)
        Rows at risk at an event: from `first`, that of its stratum, to `last`.
    tie : ndarray of int, shape (d,)
        Number of the set of tied events that an event belongs to.
    out : ndarray of float, shape (d,)
        Share of the tied events that count as gone, k/d.
    time : ndarray of float, shape (d,)
    """

    values: np.ndarray
    place: np.ndarray
    first: np.ndarray
    last: np.ndarray
    tie: np.ndarray
    out: np.ndarray
    time: np.ndarray

    @classmethod
    def of(
        cls,
        values: np.ndarray,
        event: np.ndarray,
        time: np.ndarray,
        stratum: np.ndarray | None = None,
    ) -> "CoxEvents":
        """Events of subjects with columns (n, p), each at risk in its stratum."""
        labels = np.zeros(len(time), int)
        if stratum is not None:
            labels = np.unique(np.asarray(stratum, str), return_inverse=True)[1]
        order = np.lexsort([np.asarray(event) != 1, -np.asarray(time, float), labels])
        labels, ordered = labels[order], np.asarray(time, float)[order]
        place = np.flatnonzero(np.asarray(event)[order] == 1)
        keys = np.column_stack([labels, ordered])
        changes = (np.diff(keys, axis=0) != 0).any(axis=1) if len(keys) else keys
        moments = np.concatenate([[0], np.cumsum(changes)]).astype(int)[: len(keys)]
        ends = np.searchsorted(moments, moments[place], side="right") - 1
        _, tie, size = np.unique(
            moments[place], return_inverse=True, return_counts=True
        )
        number = np.arange(len(place)) - np.searchsorted(tie, tie)
        scaled = _in_sd(np.asarray(values, float)[order])
        starts = np.searchsorted(labels, labels[place])
        share = number / size[tie]
        return cls(scaled, place, starts, ends, tie, share, ordered[place])

    def moments(self, coefficients: np.ndarray) -> Moments:
        """Moments at each event under coefficients (p,) of the columns in SD."""
        X, linear = self.values, self.values @ coefficients
        highest = linear.max(initial=0.0)
        weight = np.exp(linear - highest)
        p = X.shape[1]
        products = (X[:, :, None] * X[:, None, :]).reshape(len(X), p * p)
        table = weight[:, None] * np.column_stack([np.ones(len(X)), X, products])
        total = np.concatenate([np.zeros((1, table.shape[1])), table.cumsum(axis=0)])
        at_risk = total[self.last + 1] - total[self.first]
        tied = np.zeros((self.tie.max(initial=-1) + 1, table.shape[1]))
        np.add.at(tied, self.tie, table[self.place])
        left = at_risk - self.out[:, None] * tied[self.tie]
        sums, means = left[:, 0], left[:, 1 : p + 1] / left[:, :1]
        squares = (left[:, p + 1 :] / left[:, :1]).reshape(-1, p, p)
        variances = squares - means[:, :, None] * means[:, None, :]
        return Moments(np.log(sums) + highest, means, variances)

    def log_likelihood(self, coefficients: np.ndarray, found: Moments) -> float:
        """Logarithm of the partial likelihood with Efron's treatment of ties."""
        linear = self.values[self.place] @ coefficients
        return float(linear.sum() - found.logs.sum())

    def residuals(self, found: Moments) -> np.ndarray:
        """Columns of each event less what was expected, (d, p)."""
        return np.asarray(self.values[self.place] - found.means)

    def maximum(self) -> tuple[np.ndarray, Moments] | None:
        """Likeliest coefficients of the columns in SD, and the moments there.

        None if there are none: no event, columns that determine each other, or an
        effect without bound.
        """
        point = np.zeros(self.values.shape[1])
        if not len(self.place):
            return None
        found = self.moments(point)
        for _ in range(_STEPS):
            gradient = self.residuals(found).sum(axis=0)
            information = found.variances.sum(axis=0)
            if np.linalg.cond(information) > 1 / np.sqrt(np.finfo(float).eps):
                return None
            if np.abs(gradient).max(initial=0) <= _PRECISION * len(self.place):
                return point, found
            step = np.linalg.solve(information, gradient)
            moved = next(self._uphill(point, step, found), None)
            if moved is None or np.abs(moved[0]).max() > _FARTHEST:
                return None
            point, found = moved
        return None

    def _uphill(
        self, point: np.ndarray, step: np.ndarray, found: Moments
    ) -> Iterator[tuple[np.ndarray, Moments]]:
        """Steps that do not lower the likelihood, the longest first."""
        before = self.log_likelihood(point, found)
        slack = 1e-10 * (1 + abs(before))
        for halving in range(_HALVINGS):
            other = point + step / 2**halving
            moments = self.moments(other)
            if self.log_likelihood(other, moments) >= before - slack:
                yield other, moments


def _in_sd(X: np.ndarray) -> np.ndarray:
    """Columns less their mean, in SD; a constant one is 0."""
    if not len(X):
        return X
    spread = X.std(axis=0)
    return np.asarray((X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0))
