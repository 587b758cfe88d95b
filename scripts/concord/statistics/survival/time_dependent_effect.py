"""Effect of a score over time: a log hazard ratio that may bend, with its band."""

from typing import NamedTuple

import numpy as np

from .cox_events import CoxEvents

#: Events below which no curve is fitted, and from which it may bend once more.
LEAST_EVENTS, ENOUGH_EVENTS = 20, 60
#: Quantiles of the event times at which the curve may bend, few or enough events.
KNOTS_FEW, KNOTS = (0.1, 0.5, 0.9), (0.05, 0.35, 0.65, 0.95)
_STEPS, _HALVINGS, _PRECISION = 40, 30, 1e-8
#: Numbers that are held at once.
_CELLS = 2_000_000


class EffectOverTime(NamedTuple):
    """Log hazard ratio per unit of the score at some times, with its standard error.

    `constant` is that of the model in which it is the same at all times.
    """

    times: np.ndarray
    estimate: np.ndarray
    standard_error: np.ndarray
    constant: float = float("nan")
    reason: str | None = None


def spline_basis(time: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Constant, line, and cubic terms that are straight beyond the outer knots [1]_.

    Parameters
    ----------
    time : ndarray of float, shape (m,)
    knots : ndarray of float, shape (k,)
        Ascending and distinct.

    Returns
    -------
    ndarray of float, shape (m, k)

    References
    ----------
    .. [1] Harrell, F. E. (2015). Regression Modeling Strategies, 2nd ed., section
           2.4.5. https://doi.org/10.1007/978-3-319-19425-7
    """
    width = knots[-1] - knots[0]
    t, k = (time - knots[0]) / width, (knots - knots[0]) / width
    cubes = np.maximum(t[:, None] - k, 0) ** 3
    end, before = k[-1], k[-2]
    bent = (
        cubes[:, :-2]
        - cubes[:, [-2]] * (end - k[:-2]) / (end - before)
        + cubes[:, [-1]] * (before - k[:-2]) / (end - before)
    )
    return np.column_stack([np.ones(len(t)), t, bent])


def effect_over_time(
    score: np.ndarray,
    event: np.ndarray,
    time: np.ndarray,
    at: np.ndarray,
    stratum: np.ndarray | None = None,
) -> EffectOverTime:
    """Log hazard ratio of a score as a restricted cubic spline of time.

    Cox's model (Efron's ties) with the products of the score and the basis of time, at
    each event of all that are at risk then [1]_; the error follows from the information
    at the optimum. Times between the 5 % and the 95 % quantile of the events are told:
    beyond them the curve is carried by single events.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
    event : ndarray of 0/1, shape (n,)
    time : ndarray of float, shape (n,)
    at : ndarray of float, shape (m,)
        Times that are asked for.
    stratum : ndarray, shape (n,), optional
        Subjects with a baseline hazard in common.

    References
    ----------
    .. [1] Cox, D. R. (1972). "Regression models and life-tables". JRSS B, 34, 187-220.
           https://doi.org/10.1111/j.2517-6161.1972.tb00899.x
    """
    events = CoxEvents.of(score[:, None], event, time, stratum)
    n_events, spread = len(events.place), float(np.std(score)) if len(score) else 0.0
    if n_events < LEAST_EVENTS:
        return _none(f"{n_events} events; a curve over time takes {LEAST_EVENTS}")
    quantiles = KNOTS if n_events >= ENOUGH_EVENTS else KNOTS_FEW
    knots = np.unique(np.quantile(events.time, quantiles))
    if len(knots) < len(quantiles) or not spread > 0:
        return _none("the events have too few distinct times, or all scores are equal")
    fitted = _maximum(events, spline_basis(events.time, knots))
    same = events.maximum()
    if fitted is None or same is None:
        return _none("the effect over time has no finite estimate")
    low, high = np.quantile(events.time, [0.05, 0.95])
    asked = at[(at >= low) & (at <= high)]
    basis = spline_basis(asked, knots)
    variance = np.einsum("ij,ij->i", basis @ np.linalg.inv(fitted[1]), basis)
    found = basis @ fitted[0] / spread, variance**0.5 / spread
    return EffectOverTime(asked, *found, float(same[0][0]) / spread)


def _none(reason: str) -> EffectOverTime:
    nothing = np.zeros(0)
    return EffectOverTime(nothing, nothing, nothing, reason=reason)


def _maximum(
    events: CoxEvents, basis: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Likeliest coefficients of the basis, and the information there."""
    point = np.zeros(basis.shape[1])
    value, gradient, information = _derivatives(events, basis, point)
    for _ in range(_STEPS):
        if np.linalg.cond(information) > 1 / np.sqrt(np.finfo(float).eps):
            return None
        if np.abs(gradient).max() <= _PRECISION * len(basis):
            return point, information
        step = np.linalg.solve(information, gradient)
        for halving in range(_HALVINGS):
            other = point + step / 2**halving
            found = _derivatives(events, basis, other)
            if found[0] >= value - 1e-10 * (1 + abs(value)):
                break
        else:
            return None
        point, (value, gradient, information) = other, found
    return None


def _derivatives(
    events: CoxEvents, basis: np.ndarray, point: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log partial likelihood, gradient (q,) and information (q, q)."""
    slopes, x = basis @ point, events.values[:, 0]
    logs, means, variances = (np.empty(len(slopes)) for _ in range(3))
    step = max(_CELLS // max(len(x), 1), 1)
    for start in range(0, len(slopes), step):
        part = slice(start, start + step)
        found = _moments(events, slopes, part)
        logs[part], means[part], variances[part] = found
    own = x[events.place]
    value = float((own * slopes - logs).sum())
    return value, basis.T @ (own - means), (basis * variances[:, None]).T @ basis


def _moments(
    events: CoxEvents, slopes: np.ndarray, part: slice
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log of the weights at risk, mean and variance of the score at some events."""
    x, rows = events.values[:, 0], np.arange(len(events.values))
    first, last = events.first[part, None], events.last[part, None]
    counts = ((rows >= first) & (rows <= last)).astype(float)
    number = np.full(len(rows), -1)
    number[events.place] = events.tie
    tied = number == events.tie[part, None]
    counts -= tied * events.out[part, None]
    linear = slopes[part, None] * x
    highest = np.where(counts > 0, linear, -np.inf).max(axis=1, keepdims=True)
    weight = counts * np.exp(np.minimum(linear - highest, 0.0))
    total = weight.sum(axis=1)
    mean, square = weight @ x / total, weight @ x**2 / total
    return np.log(total) + highest[:, 0], mean, square - mean**2
