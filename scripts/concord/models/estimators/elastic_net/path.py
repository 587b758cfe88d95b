"""Elastic net at many penalties: each solution is found from those before.

A model of 1,500 features has few that are not 0. A quadratic approximation with the
whole Hessian of those, which is cheap, is minimized; all other columns are looked at
before each step, and those that violate the conditions of the optimum join.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from .newton import State, optimum
from .problem import ACCEPTED, Penalized, Problem, Solution, require_optimum
from .wide_ridge import WideRidge

#: Departure from the conditions of an optimum, as a share of the penalty, at which the
#: search ends: of a solution, and of those along a path that only lead on or are
#: compared with each other.
TIGHT, LOOSE = 1e-8, 1e-4
#: Share of the deviance explained from which a path does not go on.
_SATURATED = 0.999
#: Share of the penalties of a ridge that stands for 0, of which none is the largest.
_SMALLEST_SHARE = 1e-3


def largest_penalty(problem: Problem) -> float:
    """Smallest penalty at which all penalized coefficients are 0.

    For a ridge, which leaves none at 0, that of an L1 share of 0.001.
    """
    return _largest(problem, _unpenalized(problem))


def penalties(problem: Problem, n: int, ratio: float) -> np.ndarray:
    """Penalties (n,) that fall in equal steps of their logarithm.

    From the largest to the `ratio` of it, between 0 and 1.
    """
    return largest_penalty(problem) * np.geomspace(1.0, ratio, n)


def solution(problem: Problem, penalty: float) -> Solution:
    """Solution at one penalty, approached from the largest in halves.

    Raises
    ------
    FitError
        If the conditions of an optimum are not met.
    """
    first = _unpenalized(problem)
    largest = _largest(problem, first)
    n_halves = int(np.ceil(np.log2(largest / penalty))) if largest > penalty else 0
    halves = largest * 0.5 ** np.arange(n_halves)
    tolerances = [LOOSE] * n_halves + [TIGHT]
    return list(_along(problem, first, [*halves, penalty], tolerances))[-1]


def solutions(
    problem: Problem,
    falling: Sequence[float],
    tolerance: float | Sequence[float] = TIGHT,
) -> list[Solution]:
    """Solutions at penalties that fall, each found from those before.

    Parameters
    ----------
    problem : Problem
    falling : sequence of float
        Penalties.
    tolerance : float or sequence of float
        Departure from the conditions of an optimum, as a share of each penalty, at
        which the search for it ends.

    Raises
    ------
    FitError
        If the conditions of an optimum are not met.
    """
    tolerances = np.broadcast_to(tolerance, len(falling)).tolist()
    return list(_along(problem, _unpenalized(problem), falling, tolerances))


def path(problem: Problem, falling: Sequence[float]) -> list[Solution]:
    """Solutions at penalties that fall, for their comparison with each other.

    The conditions of an optimum hold to `LOOSE`; `solution` has one exactly. The path
    ends where the model is saturated: with nearly all of the deviance explained.
    """
    first = _unpenalized(problem)
    unexplained = first.value - problem.likelihood.best
    found: list[Solution] = []
    for one in _along(problem, first, falling, [LOOSE] * len(falling)):
        found.append(one)
        left = one.value - problem.likelihood.best
        if left < (1 - _SATURATED) * unexplained:
            break
    return found


def _largest(problem: Problem, first: Solution) -> float:
    slopes = np.abs(first.gradient[problem.factor > 0])
    factors = problem.factor[problem.factor > 0]
    share = max(problem.l1_share, _SMALLEST_SHARE)
    return float((slopes / factors).max(initial=0.0) / share)


def _unpenalized(problem: Problem) -> Solution:
    """Solution without the penalized columns."""
    n_rows, n_columns = problem.columns.shape
    free = problem.factor == 0
    part, linear = problem.only(free), np.zeros(n_rows)
    start = State(np.zeros(free.sum()), linear, problem.likelihood.at(linear))
    state, _, residual = optimum(part.at(0.0), start, TIGHT)
    require_optimum(residual, ACCEPTED, 0.0)
    coefficients = np.zeros(n_columns)
    coefficients[free] = state.coefficients
    gradient = problem.columns.T @ state.place.slope()
    whole = replace(state, coefficients=coefficients)
    return _found(np.inf, whole, gradient, residual)


def _along(
    problem: Problem,
    first: Solution,
    falling: Sequence[float],
    tolerances: Sequence[float],
) -> Iterator[Solution]:
    """Solutions at falling penalties; of a wide ridge found in its row space."""
    wide = WideRidge.of(problem)
    if wide is None:
        yield from _followed(problem, first, falling, tolerances)
        return
    start = wide.contracted(first)
    for one in _followed(wide.reduced, start, falling, tolerances):
        yield wide.expanded(one)


def _followed(
    problem: Problem,
    first: Solution,
    falling: Sequence[float],
    tolerances: Sequence[float],
) -> Iterator[Solution]:
    before, last = first, first
    for penalty, tolerance in zip(falling, tolerances, strict=True):
        penalized, aim = problem.at(penalty), tolerance * penalty
        start = _start(penalized, _continued(problem, before, last, penalty), last)
        state, gradient, residual = optimum(penalized, start, aim)
        require_optimum(residual, max(ACCEPTED, aim), penalty)
        before, last = last, _found(penalty, state, gradient, residual)
        yield last


def _found(
    penalty: float, state: State, gradient: np.ndarray, residual: float
) -> Solution:
    value = state.place.value
    coefficients, linear = state.coefficients, state.linear
    return Solution(penalty, coefficients, linear, gradient, residual, value)


def _start(penalized: Penalized, guess: State | None, last: Solution) -> State:
    """The better one of a guess and the last solution."""
    known = last.value + penalized.cost(last.coefficients, slice(None))
    if guess and guess.penalized(penalized) < known:
        return guess
    place = penalized.problem.likelihood.at(last.linear)
    return State(last.coefficients, last.linear, place)


def _continued(
    problem: Problem, before: Solution, last: Solution, penalty: float
) -> State | None:
    """The straight line through two solutions, at the next penalty.

    Coefficients follow it but for the columns that join or leave.
    """
    if not penalty < last.penalty < before.penalty < np.inf:
        return None
    share = (last.penalty - penalty) / (before.penalty - last.penalty)
    coefficients = last.coefficients + share * (last.coefficients - before.coefficients)
    linear = last.linear + share * (last.linear - before.linear)
    if problem.l1_share:
        signs = coefficients * last.coefficients
        crossing = (signs < 0) & (problem.factor > 0)
        crossing |= (last.coefficients == 0) & (coefficients != 0)
        left = np.flatnonzero(crossing)
        linear = linear - problem.columns[:, left] @ coefficients[left]
        coefficients[left] = 0.0
    return State(coefficients, linear, problem.likelihood.at(linear))
