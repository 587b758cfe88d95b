"""The linear model of ComBat: batch means, kept covariates and residual spread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import FitError

#: A spread below this share of the largest value is rounding, not variation.
ROUNDING = 1e-12


@dataclass(frozen=True)
class LocationScale:
    """What every batch shares; NaN where a feature could not be estimated."""

    grand_mean: np.ndarray  # (p,), unit of the feature, covariates at their mean
    effects: np.ndarray  # (k, p), change per SD of a kept covariate
    sd: np.ndarray  # (p,), residual SD; 1 for features without any
    constant: np.ndarray  # (p,) bool: one value in all rows
    location_only: np.ndarray  # (p,) bool: one value within each batch


@dataclass(frozen=True)
class Moments:
    """Per batch and feature, on the standardized scale."""

    count: np.ndarray  # (b, p), finite rows
    mean: np.ndarray  # (b, p), NaN without finite rows
    square_sum: np.ndarray  # (b, p), squares about the mean


def fit(
    values: np.ndarray, batches: np.ndarray, covariates: np.ndarray
) -> LocationScale:
    """Least squares of each feature on batch indicators and kept covariates.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Features; NaN cells are left out, feature by feature.
    batches : ndarray of int, shape (n,)
        Batch of each row, from 0.
    covariates : ndarray of float, shape (n, k)
        Kept covariates, standardized.

    Returns
    -------
    LocationScale
        NaN for a feature whose finite rows cannot tell a covariate from the
        batches.
    """
    indicators = np.eye(batches.max() + 1)[batches]
    grand_mean = np.full(values.shape[1], np.nan)
    effects = np.full((covariates.shape[1], values.shape[1]), np.nan)
    sd = np.full(values.shape[1], np.nan)
    for rows, features in _patterns(np.isfinite(values)):
        part = values[np.ix_(rows, features)]
        solved = _least_squares(indicators[rows], covariates[rows], part)
        grand_mean[features], effects[:, features], sd[features] = solved
    constant = _spread(values) == 0
    flat = sd <= ROUNDING * np.fmax.reduce(np.abs(values), axis=0, initial=0)
    location_only = flat & ~constant
    sd = np.where(flat | constant, 1.0, sd)
    return LocationScale(grand_mean, effects, sd, constant, location_only)


def standard(model: LocationScale, covariates: np.ndarray) -> np.ndarray:
    """Value expected without batch effects, (n, p); each row by itself.

    Columns are added one by one: a matrix product may round a row differently
    when other rows are present.
    """
    expected = np.tile(model.grand_mean, (len(covariates), 1))
    for column, effect in zip(covariates.T, model.effects, strict=True):
        expected += column[:, None] * effect
    return expected


def moments(standardized: np.ndarray, batches: np.ndarray) -> Moments:
    """Count, mean and sum of squares of each batch and feature."""
    stacked = [
        _moments_of(standardized[batches == batch])
        for batch in range(batches.max() + 1)
    ]
    return Moments(*(np.array(part) for part in zip(*stacked, strict=True)))


def require_estimable(
    batches: np.ndarray, covariates: np.ndarray, names: Sequence[str], batch: str
) -> None:
    """Raise FitError naming the first covariate that the batches determine."""
    design = np.eye(batches.max() + 1)[batches]
    for name, column in zip(names, covariates.T, strict=True):
        wider = np.column_stack([design, column])
        if column.any() and np.linalg.matrix_rank(wider) < wider.shape[1]:
            raise FitError(
                f"the kept covariate {name!r} is confounded with {batch!r}: among "
                f"{len(column)} development rows it follows from the batch and the "
                "covariates kept before it. Take it out of harmonization.keep."
            )
        design = wider if column.any() else design


def _patterns(finite: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Row mask and feature indices of each pattern of finite cells."""
    patterns, which = np.unique(finite, axis=1, return_inverse=True)
    for number in range(patterns.shape[1]):
        if patterns[:, number].any():
            yield patterns[:, number], np.flatnonzero(which.ravel() == number)


def _least_squares(
    indicators: np.ndarray, covariates: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    present = indicators.any(axis=0)
    informative = covariates.any(axis=0)
    design = np.hstack([indicators[:, present], covariates[:, informative]])
    coefficients, _, rank, _ = np.linalg.lstsq(design, values, rcond=None)
    if rank < design.shape[1]:
        coefficients = np.full_like(coefficients, np.nan)
    residuals = values - design @ coefficients
    weights = indicators[:, present].mean(axis=0)
    effects = np.zeros((covariates.shape[1], values.shape[1]))
    effects[informative] = coefficients[present.sum() :]
    return (
        weights @ coefficients[: present.sum()],
        effects,
        np.sqrt(np.mean(residuals**2, axis=0)),
    )


def _spread(values: np.ndarray) -> np.ndarray:
    highest = np.fmax.reduce(values, axis=0)
    return highest - np.fmin.reduce(values, axis=0)


def _moments_of(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    finite = np.isfinite(rows)
    count = finite.sum(axis=0)
    total = np.where(finite, rows, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    centred = np.where(finite, rows - mean, 0.0)
    return count, mean, (centred**2).sum(axis=0)
