"""Draws of a number or a category given other columns, and what they are learnt by."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import linalg

#: Rows whose predicted values are nearest give the drawn number.
N_DONORS = 5
#: Ridge on columns of SD 1, as a share of the rows: keeps copies apart, moves nothing.
_TINY = 1e-6
#: Precision of the normal prior on log odds per SD: an SD of about 3. A level that
#: others determine has no other estimate.
_PRIOR = 0.1
_MAX_STEPS = 50
_CONVERGED = 1e-10


@dataclass(frozen=True)
class _Design:
    """Columns of mean 0 and SD 1 over some rows, behind a column of ones."""

    mean: np.ndarray
    sd: np.ndarray

    @classmethod
    def of(cls, given: np.ndarray) -> "_Design":
        """Design that is learnt from rows (n, q)."""
        spread = given.std(axis=0)
        return cls(given.mean(axis=0), np.where(spread > 0, spread, 1.0))

    def columns(self, given: np.ndarray) -> np.ndarray:
        """Columns of rows, shape (n, 1 + q)."""
        return np.column_stack([np.ones(len(given)), (given - self.mean) / self.sd])

    def as_given(self, coefficients: np.ndarray) -> np.ndarray:
        """Coefficients (k, 1 + q) of the columns as those of what was given."""
        slopes = coefficients[:, 1:] / self.sd
        intercepts = coefficients[:, 0] - (slopes * self.mean).sum(axis=1)
        return np.column_stack([intercepts, slopes])


def draw_number(
    own: np.ndarray,
    given: np.ndarray,
    gap: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:
    """Known values drawn for the rows of a gap, by predictive mean matching [1]_.

    Coefficients are drawn from their distribution in a Bayesian linear regression. Of
    the known rows whose expected values are nearest to the one that the drawn
    coefficients give, one lends its value.

    Parameters
    ----------
    own : ndarray of float, shape (n, 1)
        The number; values of the gap are not looked at.
    given : ndarray of float, shape (n, q)
        What it is drawn by, complete.
    gap : ndarray of bool, shape (n,)
        Rows to draw for.
    generator : Generator

    Returns
    -------
    ndarray of float, shape (gap rows, 1)

    References
    ----------
    .. [1] Little, R. J. A. (1988). "Missing-data adjustments in large surveys".
           Journal of Business & Economic Statistics, 6, 287-296.
           https://doi.org/10.1080/07350015.1988.10509663
    """
    known = own[~gap, 0]
    design = _Design.of(given[~gap])
    columns = design.columns(given[~gap])
    factor, expected = _regression(columns, known)
    n_free = max(len(known) - columns.shape[1], 1)
    rest = ((known - columns @ expected) ** 2).sum()
    sd = np.sqrt(rest / generator.chisquare(n_free))
    noise = generator.standard_normal(len(expected))
    drawn = expected + sd * linalg.solve_triangular(factor, noise)
    near = _nearest(columns @ expected, design.columns(given[gap]) @ drawn)
    picked = generator.integers(near.shape[1], size=len(near))
    return np.asarray(known[near[np.arange(len(near)), picked]][:, None])


def draw_level(
    own: np.ndarray,
    given: np.ndarray,
    gap: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:
    """Levels drawn for the rows of a gap, by multinomial logistic regression.

    Coefficients are drawn from the normal distribution around their estimate. `own`
    (n, levels) holds a column for each level but the first, of two values each.
    Parameters are otherwise those of `draw_number`; so is the result, (gap rows,
    levels).
    """
    lowest, highest = own[~gap].min(axis=0), own[~gap].max(axis=0)
    design = _Design.of(given[~gap])
    columns = design.columns(given[~gap])
    found, information = _multinomial(columns, _indicators(own[~gap]))
    factor = linalg.cholesky(information, lower=True)
    noise = generator.standard_normal(found.size)
    drawn = found.ravel() + linalg.solve_triangular(factor, noise, lower=True, trans=1)
    means = level_means(design.columns(given[gap]) @ drawn.reshape(found.shape).T)
    bounds = np.cumsum(means, axis=1)
    place = (generator.random((len(means), 1)) >= bounds).sum(axis=1)
    # The last of all places is the first level, whose columns are all at their lowest.
    return np.where(place[:, None] == np.arange(own.shape[1]), highest, lowest)


def number_coefficients(own: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Coefficients (1, 1 + q) of the linear regression of a number (n, 1)."""
    design = _Design.of(given)
    _, found = _regression(design.columns(given), own[:, 0])
    return design.as_given(found[None])


def level_coefficients(own: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Log odds (levels, 1 + q) of the levels of a category (n, levels)."""
    design = _Design.of(given)
    found, _ = _multinomial(design.columns(given), _indicators(own))
    return design.as_given(found)


def level_means(linear: np.ndarray) -> np.ndarray:
    """Probability of each level but the first, by log odds against it (n, levels)."""
    highest = np.maximum(linear.max(axis=1, keepdims=True), 0.0)
    odds = np.exp(linear - highest)
    return np.asarray(odds / (odds.sum(axis=1, keepdims=True) + np.exp(-highest)))


def _regression(columns: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, ...]:
    """Upper factor of the cross-products, and coefficients of least squares."""
    products = columns.T @ columns
    products[1:, 1:] += np.eye(len(products) - 1) * _TINY * len(columns)
    factor = linalg.cholesky(products)
    return factor, linalg.cho_solve((factor, False), columns.T @ known)


def _nearest(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Known rows of the nearest values, shape (wanted, donors); ties keep the first."""
    distance = np.abs(wanted[:, None] - known)
    return np.argsort(distance, axis=1, kind="stable")[:, :N_DONORS]


def _indicators(own: np.ndarray) -> np.ndarray:
    """Columns of two values each as 0 and 1."""
    middle = (own.min(axis=0) + own.max(axis=0)) / 2
    return np.asarray(own > middle, dtype=float)


def _multinomial(
    columns: np.ndarray, levels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds (levels, q) under a weak normal prior, and the information about them.

    Newton's method; steps are halved until the posterior climbs.
    """
    prior = np.full((levels.shape[1], columns.shape[1]), _PRIOR)
    prior[:, 0] = _TINY
    height = partial(_log_posterior, columns, levels, prior)
    found = np.zeros(prior.shape)
    for _ in range(_MAX_STEPS):
        means = level_means(columns @ found.T)
        slope = (levels - means).T @ columns - prior * found
        information = _information(columns, means, prior)
        step = linalg.solve(information, slope.ravel(), assume_a="pos")
        step = step.reshape(found.shape)
        here = height(found)
        while height(found + step) < here - _CONVERGED and np.abs(step).max() > _TINY:
            step = step / 2
        found = found + step
        if np.abs(step).max() < _CONVERGED**0.5:
            break
    return found, _information(columns, level_means(columns @ found.T), prior)


def _log_posterior(
    columns: np.ndarray, levels: np.ndarray, prior: np.ndarray, found: np.ndarray
) -> float:
    linear = columns @ found.T
    highest = np.maximum(linear.max(axis=1), 0.0)
    total = np.exp(linear - highest[:, None]).sum(axis=1) + np.exp(-highest)
    likelihood = (levels * linear).sum() - (highest + np.log(total)).sum()
    return float(likelihood - (prior * found**2).sum() / 2)


def _information(
    columns: np.ndarray, means: np.ndarray, prior: np.ndarray
) -> np.ndarray:
    """Information (levels * q, levels * q) about the log odds of all levels."""
    n_levels, q = prior.shape
    found = np.empty((n_levels, q, n_levels, q))
    for one in range(n_levels):
        for other in range(n_levels):
            weight = means[:, one] * ((one == other) - means[:, other])
            found[one, :, other] = (columns * weight[:, None]).T @ columns
    return np.asarray(found.reshape(n_levels * q, -1) + np.diag(prior.ravel()))
