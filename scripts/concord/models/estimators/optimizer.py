"""Newton's method for a smooth convex function, with a verified optimum."""

from collections.abc import Callable

import numpy as np

from ...errors import FitError

#: Largest gradient that counts as an optimum (optimality, or KKT, condition).
ACCEPTED = 1e-6
#: Gradient at which the iteration stops.
_AIM = 1e-10
_MAX_STEPS = 100
_MAX_HALVINGS = 30
#: Smallest eigenvalue of the Hessian, scaled to a unit diagonal, that a Newton step is
#: solved with; rounding leaves about 1e-16. Collinear columns are found before.
_SMALLEST_EIGENVALUE = 1e-14

Point = tuple[float, np.ndarray, np.ndarray]


def minimise(
    function: Callable[[np.ndarray], Point], start: np.ndarray
) -> tuple[np.ndarray, float]:
    """Minimum of a convex function and the largest gradient there.

    Parameters
    ----------
    function : callable
        Gives value, gradient (p,) and Hessian (p, p) at a point (p,).
    start : ndarray of float, shape (p,)
        First point.

    Raises
    ------
    FitError
        If the gradient stays above 1e-6 or the Hessian is singular.
    """
    if not start.size:
        return start, 0.0
    point = start
    value, gradient, hessian = function(point)
    for _ in range(_MAX_STEPS):
        if np.abs(gradient).max() <= _AIM:
            break
        step = _newton_step(gradient, hessian)
        moved = _descend(function, point, value, step)
        if moved is None:
            break
        point, (value, gradient, hessian) = moved
    return point, require_optimum(gradient)


def require_optimum(gradient: np.ndarray) -> float:
    """The largest gradient (p,) in size; FitError if it is no optimum's."""
    residual = float(np.abs(gradient).max())
    if not residual <= ACCEPTED:
        raise FitError(
            f"the fit did not converge: largest gradient {residual:.1e}, accepted "
            f"{ACCEPTED:.0e}. Use fewer predictors or a larger penalty."
        )
    return residual


def _newton_step(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton step; FitError where the Hessian is singular but for rounding."""
    diagonal = np.maximum(np.diag(hessian), np.finfo(float).tiny)
    scale = 1.0 / np.sqrt(diagonal)
    smallest = np.linalg.eigvalsh(hessian * np.outer(scale, scale))[0]
    if not smallest >= _SMALLEST_EIGENVALUE:
        raise FitError(
            "the predictors hardly inform on each other's effects (singular Hessian: "
            f"smallest scaled eigenvalue below {_SMALLEST_EIGENVALUE:g}). Use fewer "
            "predictors or a larger penalty."
        )
    return np.linalg.solve(hessian, gradient)


def _descend(
    function: Callable[[np.ndarray], Point],
    point: np.ndarray,
    value: float,
    step: np.ndarray,
) -> tuple[np.ndarray, Point] | None:
    """The first halving of the step that does not climb, if there is one."""
    slack = 1e-12 * (1.0 + abs(value))
    for halving in range(_MAX_HALVINGS):
        candidate = point - step * 0.5**halving
        found = function(candidate)
        if np.isfinite(found[0]) and found[0] <= value + slack:
            return candidate, found
    return None
