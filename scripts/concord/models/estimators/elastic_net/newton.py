"""Newton's method on the columns that are not 0, or that violate the conditions."""

from dataclasses import dataclass

import numpy as np

from . import quadratic
from .likelihoods import Place
from .problem import Penalized

_MAX_STEPS = 200
_MAX_HALVINGS = 30
#: Keeps the curvature of collinear columns invertible; the optimum does not move.
_JITTER = 1e-12
#: Share of the weight of the absolute value from which a slope may soon exceed it.
_NEAR = 0.98


@dataclass(frozen=True)
class State:
    """Coefficients (p,), linear predictor (n,) and the likelihood there."""

    coefficients: np.ndarray
    linear: np.ndarray
    place: Place

    def penalized(self, penalized: Penalized) -> float:
        """Mean negative log-likelihood with the penalty."""
        cost = penalized.cost(self.coefficients, slice(None))
        return float(self.place.value + cost)


def optimum(
    penalized: Penalized, state: State, aim: float
) -> tuple[State, np.ndarray, float]:
    """Optimum, gradient of the likelihood alone (p,), and the largest departure.

    All columns are looked at before each step.

    Parameters
    ----------
    penalized : Penalized
        What is minimized.
    state : State
        Where the search begins.
    aim : float
        Departure from the conditions of an optimum at which it ends.

    It ends before where no step leads down.
    """
    columns = penalized.problem.columns
    unpenalized = penalized.absolute == 0
    for _ in range(_MAX_STEPS):
        gradient = columns.T @ state.place.slope()
        departure = penalized.departures(gradient, state.coefficients)
        residual = float(departure.max(initial=0.0))
        if residual <= aim:
            break
        near = np.abs(gradient) >= _NEAR * penalized.absolute
        active = near | unpenalized | (state.coefficients != 0)
        moved = _step(penalized, state, gradient, np.flatnonzero(active))
        if moved is None:
            break
        state = moved
    return state, gradient, residual


def _step(
    penalized: Penalized, state: State, gradient: np.ndarray, chosen: np.ndarray
) -> State | None:
    """The minimum of a quadratic approximation in chosen columns, or on the way."""
    columns = np.take(penalized.problem.columns.T, chosen, axis=0).T
    curvature = state.place.hessian(columns)
    curvature.flat[:: len(chosen) + 1] += _JITTER
    point, absolute = state.coefficients[chosen], penalized.absolute[chosen]
    towards = curvature @ point - gradient[chosen]
    curvature.flat[:: len(chosen) + 1] += penalized.ridge[chosen]
    goal = quadratic.minimum(curvature, towards, absolute, point)
    way = columns @ (goal - point)
    here = state.place.value + penalized.cost(point, chosen)
    for halving in range(_MAX_HALVINGS):
        share = 0.5**halving
        # Exactly the goal at first, so that zeros stay zeros.
        reached = point + share * (goal - point) if halving else goal
        linear = state.linear + share * way
        place = penalized.problem.likelihood.at(linear)
        there = place.value + penalized.cost(reached, chosen)
        if np.isfinite(there) and there <= here + 1e-12 * (1.0 + abs(here)):
            coefficients = state.coefficients.copy()
            coefficients[chosen] = reached
            return State(coefficients, linear, place)
    return None
