"""Projected Newton method for a smooth convex function of few bounded variables."""

from collections.abc import Callable

import numpy as np

from ...errors import FitError
from .optimizer import ACCEPTED, Point

#: Violation of the optimality conditions at which the iteration stops.
_AIM = 1e-11
_MAX_STEPS = 200
_MAX_HALVINGS = 40
#: Distance from a bound below which a variable that is pushed to it is held there.
_NEAR = 1e-3


def minimise_above(
    function: Callable[[np.ndarray], Point], lowest: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, float]:
    """Minimum over variables that are no lower than their bounds [1]_.

    Parameters
    ----------
    function : callable
        Gives value, gradient (p,) and Hessian (p, p), positive definite, at a point.
    lowest : ndarray of float, shape (p,)
        Bounds; minus infinity where there is none.
    start : ndarray of float, shape (p,)
        First point, within the bounds.

    Returns
    -------
    ndarray, float
        The minimum, and the largest violation of its optimality conditions: of a
        gradient that is not 0, or at a bound of one that is negative.

    Raises
    ------
    FitError
        If that violation is above 1e-6.

    References
    ----------
    .. [1] Bertsekas, D. P. (1982). "Projected Newton methods for optimization problems
           with simple constraints". SIAM Journal on Control and Optimization, 20,
           221-246. https://doi.org/10.1137/0320018
    """
    point = start
    value, gradient, hessian = function(point)
    for _ in range(_MAX_STEPS):
        residual = violation(point, gradient, lowest)
        if residual <= _AIM:
            break
        step = _step(point, gradient, hessian, lowest, min(_NEAR, residual))
        moved = _descend(function, point, value, step, lowest)
        if moved is None:
            break
        point, (value, gradient, hessian) = moved
    residual = violation(point, gradient, lowest)
    if not residual <= ACCEPTED:
        raise FitError(
            "the weights of the members did not converge: optimality conditions "
            f"violated by {residual:.1e}, accepted {ACCEPTED:.0e}. Combine fewer arms."
        )
    return point, residual


def violation(point: np.ndarray, gradient: np.ndarray, lowest: np.ndarray) -> float:
    """Largest violation of the optimality conditions at a point (p,)."""
    at_bound = point <= lowest
    return float(np.where(at_bound, np.maximum(-gradient, 0), np.abs(gradient)).max())


def _step(
    point: np.ndarray,
    gradient: np.ndarray,
    hessian: np.ndarray,
    lowest: np.ndarray,
    near: float,
) -> np.ndarray:
    """Newton step of the free variables; of those held at a bound, a scaled gradient.

    A variable close to its bound that the gradient pushes there is kept out of the
    Hessian: otherwise its projection might make the step climb.
    """
    held = (point - lowest <= near) & (gradient > 0)
    step = gradient / np.maximum(np.diag(hessian), np.finfo(float).tiny)
    free = np.flatnonzero(~held)
    if free.size:
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
    return np.asarray(step)


def _descend(
    function: Callable[[np.ndarray], Point],
    point: np.ndarray,
    value: float,
    step: np.ndarray,
    lowest: np.ndarray,
) -> tuple[np.ndarray, Point] | None:
    """The first halving of the projected step that does not climb, if there is one."""
    slack = 1e-13 * (1.0 + abs(value))
    for halving in range(_MAX_HALVINGS):
        candidate = np.maximum(point - step * 0.5**halving, lowest)
        found = function(candidate)
        if np.isfinite(found[0]) and found[0] <= value + slack:
            return candidate, found
    return None
