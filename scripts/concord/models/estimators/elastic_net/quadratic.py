"""Minimum of a quadratic function with weighted absolute values added."""

from contextlib import suppress

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

#: Rounds after which the search gives up; each adds columns that were left at 0.
_MAX_ROUNDS = 200
#: Largest departure from the conditions of the optimum, per size of the linear term.
_ACCEPTED = 1e-12
#: Share of the coordinates that may be held at 0 before H is factored anew.
_MOST_HELD = 0.15
#: Coordinates up to which a new factor costs less than columns of the inverse.
_FEW = 150


def minimum(
    curvature: np.ndarray, linear: np.ndarray, weight: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Minimum of x'Hx / 2 - c'x + sum(k * abs(x)), by a search for its signs [1]_.

    While the signs are right the function is quadratic and its minimum known. A step
    to it ends where the function is lowest on the way; a coordinate that is 0 there
    stays so until the slope exceeds its weight.

    Parameters
    ----------
    curvature : ndarray of float, shape (p, p)
        H, positive definite.
    linear : ndarray of float, shape (p,)
        c.
    weight : ndarray of float, shape (p,)
        k, not negative; 0 for coordinates without an absolute value.
    start : ndarray of float, shape (p,)
        Where the search begins.

    Returns
    -------
    ndarray of float, shape (p,)
        The minimum, or the best point found.

    References
    ----------
    .. [1] Lee, H., Battle, A., Raina, R., Ng, A. Y. (2007). "Efficient sparse coding
           algorithms". NIPS 19, 801-808.
    """
    x = start.copy()
    sign = np.sign(x)
    active = (x != 0) | (weight == 0)
    accepted = _ACCEPTED * (1.0 + np.abs(linear).max(initial=0.0))
    for _ in range(_MAX_ROUNDS):
        slope = curvature @ x - linear
        joining = ~active & (np.abs(slope) > weight * (1 + 1e-9) + accepted)
        if joining.any():
            sign[joining] = -np.sign(slope[joining])
            active |= joining
        elif np.abs((slope + weight * sign)[active]).max(initial=0.0) <= accepted:
            return x
        for _ in range(_MAX_ROUNDS):
            if _descended(curvature, linear, weight, x, sign, active):
                break
    return x


def _descended(
    curvature: np.ndarray,
    linear: np.ndarray,
    weight: np.ndarray,
    x: np.ndarray,
    sign: np.ndarray,
    active: np.ndarray,
) -> bool:
    """True at the minimum of the active coordinates, which may change sign or leave.

    False where many have left. `x`, `sign` and `active` are altered.
    """
    chosen = np.flatnonzero(active)
    part = curvature[np.ix_(chosen, chosen)]
    minima = _Minima(part)
    for _ in range(len(chosen) + 1):
        aim = minima.of((linear - weight * sign)[chosen])
        old = x[chosen]
        crossing = (weight[chosen] > 0) & (aim * sign[chosen] < 0)
        if not crossing.any():
            x[chosen] = aim
            return True
        way = aim - old
        share_at = np.full(len(chosen), np.inf)
        share_at[crossing] = old[crossing] / -way[crossing]
        jump = 2 * weight[chosen] * np.abs(way)
        bend = max(float(way @ part @ way), np.finfo(float).tiny)
        share = _lowest(bend, share_at[crossing], jump[crossing])
        x[chosen] = old + share * way
        sign[chosen[share_at < share]] *= -1
        leaving = np.flatnonzero(share_at == share)
        x[chosen[leaving]], sign[chosen[leaving]] = 0.0, 0.0
        active[chosen[leaving]] = False
        if not minima.hold(leaving):
            break
    return False


def _lowest(bend: float, shares: np.ndarray, jumps: np.ndarray) -> float:
    """Share of the way to the minimum at constant signs where the function is lowest.

    Its slope is ``-bend`` at the start and rises evenly to 0 at the end, but for a jump
    at each share where a sign changes.
    """
    order = np.argsort(shares, kind="stable")
    shares, jumps = shares[order], jumps[order]
    passed = np.concatenate([[0.0], np.cumsum(jumps)])
    rises = np.flatnonzero((shares - 1.0) * bend + passed[1:] >= 0)
    first = rises[0] if rises.size else len(shares)
    between = 1.0 - passed[first] / bend
    return float(min(between, shares[first]) if rises.size else between)


class _Minima:
    """Minima of x'Hx / 2 - c'x, of coordinates (p,) some of which are held at 0.

    H is factored once. Each coordinate that is held costs a column of the inverse.
    """

    def __init__(self, matrix: np.ndarray) -> None:
        self._matrix, self._held = matrix, np.zeros(0, int)
        self._inverse = np.zeros((len(matrix), 0))  # columns of those held
        self._factor = None
        with suppress(LinAlgError):  # singular but for rounding
            self._factor = cho_factor(matrix, check_finite=False)

    def hold(self, places: np.ndarray) -> bool:
        """Hold more coordinates at 0; False if a new factor would be cheaper."""
        self._held = np.concatenate([self._held, places])
        n = len(self._matrix)
        if self._factor is None or n <= _FEW or len(self._held) > _MOST_HELD * n:
            return False
        units = np.zeros((n, len(places)))
        units[places, np.arange(len(places))] = 1.0
        self._inverse = np.hstack([self._inverse, self._solved(units)])
        return True

    def of(self, linear: np.ndarray) -> np.ndarray:
        """The minimum (p,) for c (p,)."""
        found = self._solved(linear)
        if self._held.size:
            inner = self._inverse[self._held]
            found -= self._inverse @ np.linalg.lstsq(inner, found[self._held])[0]
            found[self._held] = 0.0
        return found

    def _solved(self, right: np.ndarray) -> np.ndarray:
        if self._factor is None:
            return np.asarray(np.linalg.lstsq(self._matrix, right)[0])
        return np.asarray(cho_solve(self._factor, right, check_finite=False))
