"""Likelihoods of few columns without a penalty, or with that of Firth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .optimizer import Point, minimise
from .risk_sets import Ties

#: A 95 % interval ends where twice the log-likelihood has fallen by this much.
_DROP = 1.959963984540054**2
#: Difference of coefficients that slopes of the gradient are taken over.
_STEP = 1e-6
#: How often an interval is sought in twice the distance before it counts as open.
_MOST_DOUBLINGS = 12


class Likelihood(Protocol):
    """Log-likelihood of a point (q,) and what Newton's and Firth's methods need."""

    def start(self) -> np.ndarray:
        """A point to begin with, shape (q,)."""
        ...

    def parts(self, point: np.ndarray) -> "Parts":
        """The log-likelihood at a point and its derivatives."""
        ...


@dataclass(frozen=True)
class Parts:
    """A log-likelihood at a point: value, score (q,), information (q, q).

    `bias` gives, of the inverse of the information, the derivative (q,) of half the
    logarithm of the determinant of the information.
    """

    value: float
    score: np.ndarray
    information: np.ndarray
    bias: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class LogisticRows:
    """Rows of a logistic model with an intercept, the first coordinate of a point."""

    design: np.ndarray  # (n, q), the first column 1
    event: np.ndarray  # (n,) of 0 and 1
    weight: np.ndarray  # (n,)

    def start(self) -> np.ndarray:
        """The log odds of the event, and no effect of anything."""
        share = np.average(self.event, weights=self.weight)
        start = np.zeros(self.design.shape[1])
        start[0] = np.log(share / (1.0 - share))
        return start

    def parts(self, point: np.ndarray) -> Parts:
        """The log-likelihood at a point and its derivatives."""
        linear = self.design @ point
        expected = 1.0 / (1.0 + np.exp(-np.clip(linear, -700, 700)))
        rows = self.weight * (self.event * linear - np.logaddexp(0.0, linear))
        curvature = self.weight * expected * (1.0 - expected)

        def bias(inverse: np.ndarray) -> np.ndarray:
            leverage = curvature * ((self.design @ inverse) * self.design).sum(axis=1)
            return np.asarray(self.design.T @ (leverage * (0.5 - expected)))

        return Parts(
            float(rows.sum()),
            self.design.T @ (self.weight * (self.event - expected)),
            (self.design * curvature[:, None]).T @ self.design,
            bias,
        )


@dataclass(frozen=True)
class CoxRows:
    """Rows of Cox's model: each event among those at risk then."""

    columns: np.ndarray  # (n, q)
    died: np.ndarray  # (m,) rows of the events, one term each
    exposure: np.ndarray  # (m, n): 1 at risk; of tied events, their share left

    @classmethod
    def of(
        cls,
        columns: np.ndarray,
        event: np.ndarray,
        time: np.ndarray,
        stratum: np.ndarray | None = None,
        ties: Ties = "efron",
    ) -> "CoxRows":
        """Rows (n, q) with their outcomes; `ties` are Efron's or Breslow's.

        Every event meets every row, m times n numbers: this is for few events.
        """
        strata = np.zeros(len(event)) if stratum is None else np.asarray(stratum)
        died = np.flatnonzero(event)
        same = strata[died, None] == strata
        exposure = (same & (time >= time[died, None])).astype(float)
        if ties == "efron":
            tied = same & (time == time[died, None]) & event
            n_tied, before = tied.sum(axis=1), np.tril(tied[:, died], -1).sum(axis=1)
            exposure -= tied * (before / n_tied)[:, None]
        return cls(columns, died, exposure)

    def start(self) -> np.ndarray:
        """No effect of anything."""
        return np.zeros(self.columns.shape[1])

    def parts(self, point: np.ndarray) -> Parts:
        """The log-likelihood at a point and its derivatives."""
        linear = self.columns @ point
        highest = np.where(self.exposure > 0, linear, -np.inf).max(axis=1)
        risk = self.exposure * np.exp(np.minimum(linear - highest[:, None], 0.0))
        total = risk.sum(axis=1)
        share = risk / total[:, None]
        mean = share @ self.columns

        def bias(inverse: np.ndarray) -> np.ndarray:
            turned = self.columns @ np.linalg.cholesky(inverse)
            centre = share @ turned
            distance = (turned**2).sum(axis=1) - 2.0 * centre @ turned.T
            third = share * (distance + (centre**2).sum(axis=1)[:, None])
            skewed = third.sum(axis=0) @ self.columns - third.sum(axis=1) @ mean
            return np.asarray(0.5 * skewed)

        information = (self.columns * share.sum(axis=0)[:, None]).T @ self.columns
        return Parts(
            float((linear[self.died] - highest - np.log(total)).sum()),
            (self.columns[self.died] - mean).sum(axis=0),
            information - mean.T @ mean,
            bias,
        )


@dataclass(frozen=True)
class Objective:
    """The mean negative log-likelihood, with Firth's penalty or without [1]_ [2]_ [3]_.

    Firth's penalty adds half the logarithm of the determinant of the information to
    the log-likelihood. This takes the bias of order 1/n from the coefficients, and
    keeps them finite where the outcomes are separated.

    References
    ----------
    .. [1] Firth, D. (1993). "Bias reduction of maximum likelihood estimates".
           Biometrika, 80, 27-38. https://doi.org/10.1093/biomet/80.1.27
    .. [2] Heinze, G. and Schemper, M. (2002). "A solution to the problem of separation
           in logistic regression". Statistics in Medicine, 21, 2409-2419.
           https://doi.org/10.1002/sim.1047
    .. [3] Heinze, G. and Schemper, M. (2001). "A solution to the problem of monotone
           likelihood in Cox regression". Biometrics, 57, 114-119.
           https://doi.org/10.1111/j.0006-341X.2001.00114.x
    """

    rows: Likelihood
    n: float  # rows, or the sum of their weights
    firth: bool

    def __call__(self, point: np.ndarray) -> Point:
        """Value, gradient (q,) and Hessian (q, q)."""
        found = self.rows.parts(point)
        if not self.firth:
            return (
                -found.value / self.n,
                -found.score / self.n,
                found.information / self.n,
            )
        sign, size = np.linalg.slogdet(found.information)
        gradient = self._gradient(found) if sign > 0 else np.full(len(point), np.nan)
        value = -(found.value + 0.5 * float(size)) / self.n if sign > 0 else np.inf
        return value, gradient, self._hessian(point, gradient, found)

    def minimum(self) -> tuple[np.ndarray, float]:
        """The optimum (q,) and the largest gradient there; FitError without one."""
        return minimise(self, self.rows.start())

    def _gradient(self, found: Parts) -> np.ndarray:
        bias = found.bias(np.linalg.inv(found.information))
        return np.asarray((found.score + bias) / -self.n)

    def _hessian(
        self, point: np.ndarray, gradient: np.ndarray, found: Parts
    ) -> np.ndarray:
        """Slopes of the gradient (q,); where they are no minimum's, the information.

        The information alone is half the Hessian in the smallest of samples, and steps
        by it would go to and fro.
        """
        information = found.information / self.n
        if not np.isfinite(gradient).all():
            return information
        slopes = np.empty_like(information)
        for place, step in enumerate(_STEP * np.eye(len(point))):
            beside = self.rows.parts(point + step)
            if np.linalg.slogdet(beside.information)[0] <= 0:
                return information
            slopes[place] = (self._gradient(beside) - gradient) / _STEP
        hessian = 0.5 * (slopes + slopes.T)
        smallest = np.linalg.eigvalsh(hessian)[0] if len(point) else 1.0
        return hessian if smallest > 0 else information

    def standard_errors(self, point: np.ndarray) -> np.ndarray:
        """Standard errors (q,) by the information at the optimum."""
        information = self.rows.parts(point).information
        return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))

    def interval(self, optimum: np.ndarray, place: int) -> tuple[float, float]:
        """95 % profile likelihood interval of one coordinate of the optimum.

        An end beyond 4,000 standard errors is NaN.
        """
        width = 1.96 * float(self.standard_errors(optimum)[place])
        lowest = self(optimum)[0]

        def excess(value: float) -> float:
            return 2.0 * self.n * (self._profiled(optimum, place, value) - lowest)

        return (
            _end(excess, float(optimum[place]), -width),
            _end(excess, float(optimum[place]), width),
        )

    def _profiled(self, optimum: np.ndarray, place: int, value: float) -> float:
        """The least value with one coordinate held, over all others."""
        free = np.arange(len(optimum)) != place

        def of_others(point: np.ndarray) -> Point:
            whole = np.insert(point, place, value)
            height, gradient, information = self(whole)
            return height, gradient[free], information[np.ix_(free, free)]

        best, _ = minimise(of_others, optimum[free])
        return of_others(best)[0]


def _end(excess: Callable[[float], float], middle: float, width: float) -> float:
    """Where an excess that grows from the middle on reaches that of an interval."""
    from scipy.optimize import brentq

    near, far = middle, middle + width
    for _ in range(_MOST_DOUBLINGS):
        if excess(far) > _DROP:
            return float(brentq(lambda x: excess(x) - _DROP, near, far, xtol=1e-10))
        near, far = far, middle + 2.0 * (far - middle)
    return float("nan")
