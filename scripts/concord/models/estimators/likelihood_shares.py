"""Likelihoods as sums: statistics of some rows, their combination, and the penalty.

An optimizer asks for value, gradient and Hessian at a point. Each is a sum over rows
(for Cox's model, over strata with risk sets of their own), so that parts of the rows
can be asked apart and their shares added.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from .optimizer import Point
from .partial_likelihood import PartialLikelihood


@dataclass(frozen=True)
class Share:
    """Share of some rows in the mean negative log-likelihood and its derivatives."""

    value: float
    gradient: np.ndarray  # (p,)
    hessian: np.ndarray  # (p, p)

    def __add__(self, other: "Share") -> "Share":
        return Share(
            self.value + other.value,
            self.gradient + other.gradient,
            self.hessian + other.hessian,
        )


def logistic_share(
    X: np.ndarray,
    event: np.ndarray,
    point: np.ndarray,
    n_total: float,
    count: np.ndarray | None = None,
) -> Share:
    """Share of rows (n, p) of a logistic model with intercept ``point[0]``.

    Parameters
    ----------
    X : ndarray of float, shape (n, p)
    event : ndarray of 0/1, shape (n,)
    point : ndarray of float, shape (p + 1,)
        Intercept and coefficients.
    n_total : float
        Rows of all shares together; with counts, their sum.
    count : ndarray of float, shape (n,), optional
        Weight of each row, as if it were there so many times.
    """
    linear = point[0] + X @ point[1:]
    probability = 1.0 / (1.0 + np.exp(-np.clip(linear, -700, 700)))
    design = np.column_stack([np.ones(len(X)), X])
    counts = 1.0 if count is None else count
    value = (counts * (np.logaddexp(0.0, linear) - event * linear)).sum() / n_total
    gradient = design.T @ (counts * (probability - event)) / n_total
    weight = counts * probability * (1.0 - probability) / n_total
    return Share(value, gradient, (design * weight[:, None]).T @ design)


def logistic_score(
    X: np.ndarray,
    event: np.ndarray,
    point: np.ndarray,
    count: np.ndarray | None = None,
) -> np.ndarray:
    """Gradient (p + 1,) of the log-likelihood, without the Hessian of many columns."""
    linear = point[0] + X @ point[1:]
    residual = event - 1.0 / (1.0 + np.exp(-np.clip(linear, -700, 700)))
    residual = residual if count is None else residual * count
    return np.concatenate([[residual.sum()], X.T @ residual])


def cox_share(
    likelihood: PartialLikelihood, X: np.ndarray, point: np.ndarray, n_total: int
) -> Share:
    """Share of whole strata (n, p) of Cox's model; arguments as `logistic_share`."""
    value, gradient, information = likelihood.derivatives(X, point)
    return Share(-value / n_total, -gradient / n_total, information / n_total)


def combine(shares: Iterable[Share]) -> Share:
    """Sum of the shares of all rows."""
    return reduce(lambda first, second: first + second, shares)


def penalized(share: Share, ridge: np.ndarray, point: np.ndarray) -> Point:
    """Value, gradient and Hessian with ``ridge / 2 * point ** 2`` added."""
    value = float(share.value + 0.5 * (ridge * point**2).sum())
    return value, share.gradient + ridge * point, share.hessian + np.diag(ridge)
