"""Elastic net at many penalties: Newton's method on the columns that may matter.

A model of 1,500 features has few that are not 0. A quadratic approximation with the
whole Hessian of those, which is cheap, is minimized; all other columns are looked at
once per penalty, and those that violate the conditions of the optimum join.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ....errors import FitError
from . import quadratic

#: Largest departure from the conditions of the optimum, of the columns as given.
ACCEPTED = 1e-7
#: Departure at which the iteration stops, as a share of the penalty.
_AIM = 1e-8
_MAX_STEPS = 100
_MAX_HALVINGS = 30
#: Keeps the curvature of collinear columns invertible; the optimum does not move.
_JITTER = 1e-12


class Likelihood(Protocol):
    """Mean negative log-likelihood as a function of the linear predictor (n,)."""

    def value(self, linear: np.ndarray) -> float:
        """The function itself."""
        ...

    def slope(self, linear: np.ndarray) -> np.ndarray:
        """Its derivative by the linear predictor of each row, shape (n,)."""
        ...

    def hessian(self, columns: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Its second derivative by the coefficients of columns (n, p), (p, p)."""
        ...


@dataclass(frozen=True)
class Problem:
    """Likelihood, columns, and how each coefficient is penalized.

    Minimized is the mean negative log-likelihood plus
    ``penalty * sum(factor * (l1_share * abs(b) + (1 - l1_share) / 2 * b ** 2))``
    plus ``sum(always / 2 * b ** 2)``.

    Parameters
    ----------
    likelihood : Likelihood
    columns : ndarray of float, shape (n, p)
        Column-major (Fortran) order is the fastest.
    factor : ndarray of float, shape (p,)
        Not negative; 0 for coefficients that are not penalized.
    l1_share : float
        From 0 (ridge) to 1 (lasso).
    always : float or ndarray of float, shape (p,)
        Ridge that does not change with the penalty.
    """

    likelihood: Likelihood
    columns: np.ndarray
    factor: np.ndarray
    l1_share: float
    always: float | np.ndarray = 0.0

    def absolute(self, penalty: float) -> np.ndarray:
        """Weight of the absolute value of each coefficient, shape (p,)."""
        return penalty * self.l1_share * self.factor

    def ridge(self, penalty: float) -> np.ndarray:
        """Weight of half the square of each coefficient, shape (p,)."""
        return penalty * (1.0 - self.l1_share) * self.factor + self.always


@dataclass(frozen=True)
class Solution:
    """Coefficients (p,) at a penalty, and what confirms them."""

    penalty: float
    coefficients: np.ndarray
    linear: np.ndarray  # predictor of each row, shape (n,)
    gradient: np.ndarray  # of the likelihood alone, shape (p,)
    kkt_residual: float  # largest departure from the conditions of the optimum


def largest_penalty(problem: Problem) -> float:
    """Smallest penalty at which all penalized coefficients are 0.

    For a ridge, which leaves none at 0, that of an L1 share of 0.001.
    """
    free = problem.factor == 0
    alone = _solved(problem, 0.0, _start(problem), free, left_out=~free)
    slopes = np.abs(alone.gradient[~free]) / problem.factor[~free]
    return float(slopes.max(initial=0.0) / max(problem.l1_share, 1e-3))


def solution(problem: Problem, penalty: float) -> Solution:
    """Solution at one penalty, approached from the largest in halves.

    Raises
    ------
    FitError
        If the conditions of an optimum are not met.
    """
    largest = largest_penalty(problem)
    n_halves = int(np.ceil(np.log2(largest / penalty))) if largest > penalty else 0
    halves = largest * 0.5 ** np.arange(n_halves)
    return solutions(problem, [*halves, penalty])[-1]


def solutions(problem: Problem, penalties: Sequence[float]) -> list[Solution]:
    """Solutions at penalties that fall, each found from the one before.

    Raises
    ------
    FitError
        If the conditions of an optimum are not met.
    """
    found: list[Solution] = []
    last = _start(problem)
    for penalty in penalties:
        # Slopes of columns at 0 seldom rise by more than the penalty falls [strong
        # rule: Tibshirani et al., 2012]; who violates that joins later.
        level = problem.l1_share * (2 * penalty - last.penalty)
        likely = np.abs(last.gradient) >= np.maximum(level, 0.0) * problem.factor
        active = likely | (last.coefficients != 0) | (problem.factor == 0)
        if not found:
            active = problem.factor == 0
        last = _solved(problem, penalty, last, active)
        found.append(last)
    return found


def _start(problem: Problem) -> Solution:
    n_rows, n_columns = problem.columns.shape
    nothing = np.zeros(n_columns)
    return Solution(0.0, nothing, np.zeros(n_rows), nothing, np.inf)


def _solved(
    problem: Problem,
    penalty: float,
    start: Solution,
    active: np.ndarray,
    left_out: np.ndarray | None = None,
) -> Solution:
    """Solution at a penalty; columns join until none violates the conditions."""
    absolute, ridge = problem.absolute(penalty), problem.ridge(penalty)
    aim = _AIM * (penalty or 1.0)
    coefficients, linear = start.coefficients.copy(), start.linear
    considered = True if left_out is None else ~left_out
    while True:
        chosen = np.flatnonzero(active)
        coefficients[chosen], linear = _newton(
            _Part(
                problem.likelihood,
                problem.columns[:, chosen],
                absolute[chosen],
                ridge[chosen],
            ),
            coefficients[chosen],
            linear,
            aim,
        )
        gradient = problem.columns.T @ problem.likelihood.slope(linear)
        departure = considered * departures(gradient, coefficients, absolute, ridge)
        joining = ~active & (departure > aim)
        if not joining.any():
            residual = require_optimum(departure, penalty)
            return Solution(penalty, coefficients, linear, gradient, residual)
        active = active | joining


def require_optimum(departure: np.ndarray, penalty: float) -> float:
    """The largest departure (p,) from the conditions; FitError if it is too large."""
    residual = float(departure.max(initial=0.0))
    if not residual <= ACCEPTED:
        raise FitError(
            f"the fit did not converge at the penalty {penalty:g}: departure from the "
            f"conditions of an optimum {residual:.1e}, accepted {ACCEPTED:.0e}. Use a "
            "larger penalty."
        )
    return residual


def departures(
    gradient: np.ndarray,
    coefficients: np.ndarray,
    absolute: np.ndarray,
    ridge: np.ndarray,
) -> np.ndarray:
    """Departure of each coefficient (p,) from the conditions of an optimum (KKT)."""
    slope = gradient + ridge * coefficients
    at_zero = np.maximum(np.abs(slope) - absolute, 0.0)
    elsewhere = np.abs(slope + absolute * np.sign(coefficients))
    return np.where(coefficients == 0, at_zero, elsewhere)


@dataclass(frozen=True)
class _Part:
    """Some columns (n, p) of a problem, and weights (p,) at one penalty."""

    likelihood: Likelihood
    columns: np.ndarray
    absolute: np.ndarray
    ridge: np.ndarray

    def value(self, point: np.ndarray, linear: np.ndarray) -> float:
        """Penalized likelihood at coefficients (p,) and their predictor (n,)."""
        penalty = self.absolute @ np.abs(point) + self.ridge @ point**2 / 2
        return float(self.likelihood.value(linear) + penalty)


def _newton(
    part: _Part, point: np.ndarray, linear: np.ndarray, aim: float
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (p,) and linear predictor (n,) from where no step leads down."""
    for _ in range(_MAX_STEPS if point.size else 0):
        gradient = part.columns.T @ part.likelihood.slope(linear)
        departure = departures(gradient, point, part.absolute, part.ridge)
        if departure.max() <= aim:
            break
        hessian = part.likelihood.hessian(part.columns, linear)
        curvature = hessian + np.diag(part.ridge + _JITTER)
        towards = hessian @ point + _JITTER * point - gradient
        goal = quadratic.minimum(curvature, towards, part.absolute, point)
        moved = _line_search(part, point, linear, goal)
        if moved is None:
            break
        point, linear = moved
    return point, linear


def _line_search(
    part: _Part, point: np.ndarray, linear: np.ndarray, goal: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """The first halving of the way to a goal that does not climb, if there is one."""
    here = part.value(point, linear)
    way = part.columns @ (goal - point)
    for halving in range(_MAX_HALVINGS):
        share = 0.5**halving
        # Exactly the goal at first, so that zeros stay zeros.
        reached = point + share * (goal - point) if halving else goal
        predictor = linear + share * way
        there = part.value(reached, predictor)
        if np.isfinite(there) and there <= here + 1e-12 * (1.0 + abs(here)):
            return reached, predictor
    return None
