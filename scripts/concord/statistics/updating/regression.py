"""Regression of outcomes on few columns beside an offset, of one sample or of many."""

from dataclasses import dataclass

import numpy as np

from .families import Family

_MOST_STEPS, _TOLERANCE, _LONGEST_STEP = 100, 1e-11, 2.0
#: Coefficients, per standard deviation, beyond this have no finite estimate.
_LARGEST = 25.0
_RIDGE = 1e-12


@dataclass(frozen=True)
class Trials:
    """Outcomes with what is expected of them, a row per subject or part of one.

    `design` holds the columns of the largest model, of which smaller ones have the
    first few; `unit` numbers what is independent: clusters of subjects.
    """

    family: Family
    outcome: np.ndarray  # (n,)
    offset: np.ndarray  # (n,)
    design: np.ndarray  # (n, k)
    weight: np.ndarray  # (n,)
    unit: np.ndarray  # (n,), from 0

    @property
    def n_units(self) -> int:
        """Number of independent units."""
        return int(self.unit.max()) + 1

    def linear(self, found: np.ndarray) -> np.ndarray:
        """Linear predictor at coefficients of the first columns, (k,), shape (n,)."""
        return np.asarray(self.offset + self.design[:, : len(found)] @ found)


@dataclass(frozen=True)
class Fit:
    """Coefficients (k,) at the maximum, their covariance, and the log likelihood."""

    coefficients: np.ndarray
    covariance: np.ndarray  # (k, k)
    log_likelihood: float
    converged: bool


def fit(trials: Trials, k: int, robust: bool = False) -> Fit:
    """Maximum of the weighted likelihood in the first k columns, by Newton's steps.

    Parameters
    ----------
    trials : Trials
    k : int
        Columns that are used; 0 keeps the offset as it is.
    robust : bool
        Covariance of the sandwich over units, with the factor units / (units - 1),
        in place of the inverse information.
    """
    found, reached = maxima(
        trials.family,
        trials.outcome[None],
        trials.offset[None],
        trials.design[:, :k],
        trials.weight,
    )
    at, linear = found[0], trials.linear(found[0])
    value = trials.weight * trials.family.log_likelihood(trials.outcome, linear)
    inverse = np.linalg.pinv(information(trials, at, k))
    if robust:
        scores = unit_scores(trials, at, k)
        factor = trials.n_units / max(trials.n_units - 1, 1)
        inverse = factor * inverse @ (scores.T @ scores) @ inverse
    return Fit(at, inverse, float(value.sum()), bool(reached[0]))


def maxima(
    family: Family,
    outcome: np.ndarray,
    offset: np.ndarray,
    design: np.ndarray,
    weight: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of many samples with the same columns, and where they are finite.

    Parameters
    ----------
    family : Family
    outcome, offset : ndarray of float, shape (samples, n)
    design : ndarray of float, shape (n, k)
    weight : ndarray of float, shape (n,)

    Returns
    -------
    tuple of ndarray, shapes (samples, k) and (samples,)
        Coefficients; of separated outcomes they are large and not the maximum.
    """
    n, k = design.shape
    found, moved = np.zeros((len(outcome), k)), np.full(len(outcome), np.inf)
    if not k:
        return found, np.ones(len(outcome), dtype=bool)
    products = (design[:, :, None] * design[:, None, :]).reshape(n, k * k)
    for _ in range(_MOST_STEPS):
        mean = family.mean(offset + found @ design.T)
        slope = (weight * (outcome - mean)) @ design
        curve = ((weight * family.variance(mean)) @ products).reshape(-1, k, k)
        size = np.trace(curve, axis1=1, axis2=2)[:, None, None]
        curve = curve + (_RIDGE * size + np.finfo(float).tiny) * np.eye(k)
        step = np.linalg.solve(curve, slope[:, :, None])[:, :, 0]
        step = np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        found = np.clip(found + step, -2 * _LARGEST, 2 * _LARGEST)
        moved = np.abs(step).max(axis=1)
        if ((moved < _TOLERANCE) | (np.abs(found).max(axis=1) > _LARGEST)).all():
            break
    reached = (moved < np.sqrt(_TOLERANCE)) & (np.abs(found).max(axis=1) <= _LARGEST)
    return found, np.asarray(reached)


def information(trials: Trials, at: np.ndarray, k: int) -> np.ndarray:
    """Information of the first k columns, (k, k), at coefficients of some of them."""
    mean = trials.family.mean(trials.linear(at))
    rate = trials.weight * trials.family.variance(mean)
    columns = trials.design[:, :k]
    return np.asarray(columns.T @ (rate[:, None] * columns))


def unit_scores(trials: Trials, at: np.ndarray, k: int) -> np.ndarray:
    """Score of each unit in the first k columns, (units, k)."""
    residual = trials.outcome - trials.family.mean(trials.linear(at))
    rows = (trials.weight * residual)[:, None] * trials.design[:, :k]
    summed = np.zeros((trials.n_units, k))
    np.add.at(summed, trials.unit, rows)
    return summed
