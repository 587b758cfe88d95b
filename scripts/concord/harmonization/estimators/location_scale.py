"""The linear model of ComBat: batch means, kept covariates and residual spread.

Every sum runs along the rows of one feature, batch by batch, so that it does
not depend on how the table lies in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...statistics.constants import exceeds_rounding
from .collinearity import rank_deficient
from .layout import Layout, blocks, centred


@dataclass(frozen=True)
class LocationScale:
    """Estimates that all batches share; NaN where a feature could not be estimated."""

    grand_mean: np.ndarray  # (p,), unit of the feature, covariates at their mean
    effects: np.ndarray  # (k, p), change per SD of a kept covariate
    sd: np.ndarray  # (p,), residual SD; 1 for features without any
    constant: np.ndarray  # (p,) bool: one value in all rows, but for rounding
    location_only: np.ndarray  # (p,) bool: the same within each batch

    @property
    def estimated(self) -> np.ndarray:
        """Features (p,) that batches could be compared in."""
        return np.asarray(np.isfinite(self.grand_mean))

    @property
    def varying(self) -> np.ndarray:
        """Features (p,) with spread inside batches."""
        return np.asarray(~self.constant & ~self.location_only & self.estimated)


@dataclass(frozen=True)
class Moments:
    """Per batch and feature, on the standardized scale."""

    count: np.ndarray  # (b, p), finite rows
    mean: np.ndarray  # (b, p), NaN without finite rows
    square_sum: np.ndarray  # (b, p), squares about the mean


@dataclass(frozen=True)
class _Sums:
    """Least squares of some features, in their units."""

    count: np.ndarray  # (b, f)
    intercept: np.ndarray  # (b, f), batch means at average covariates
    square_sum: np.ndarray  # (b, f), squares of residuals
    effects: np.ndarray  # (k, f)
    spread: np.ndarray  # (f,), largest less smallest value
    largest: np.ndarray  # (f,), largest absolute value

    @classmethod
    def empty(cls, batches: int, covariates: int, features: int) -> "_Sums":
        """Sums of features without values."""
        intercept, squares = np.full((2, batches, features), np.nan)
        effects = np.full((covariates, features), np.nan)
        spread, largest = np.full((2, features), np.nan)
        count = np.zeros((batches, features), dtype=int)
        return cls(count, intercept, squares, effects, spread, largest)

    def put(self, features: np.ndarray, found: "_Sums") -> None:
        """Fill in some features."""
        for name, values in vars(found).items():
            vars(self)[name][..., features] = values


def fit(
    values: np.ndarray,
    layout: Layout,
    design: np.ndarray,
    reference: int | None = None,
) -> tuple[LocationScale, Moments]:
    """Least squares of each feature on batch indicators and kept covariates.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Features; NaN cells are left out, feature by feature.
    layout : Layout
        Which rows belong to which batch.
    design : ndarray of float, shape (n, k)
        Columns of the kept covariates, standardized.
    reference : int or None
        Batch whose mean and spread are the standard; None takes all rows.

    Returns
    -------
    LocationScale, Moments
        NaN for a feature whose finite rows cannot tell a covariate from the
        batches.
    """
    total = _Sums.empty(len(layout.sizes), design.shape[1], values.shape[1])
    for features in blocks(values.shape):
        block = np.take(values.T[features], layout.rows, axis=1)
        for chosen, rows in _patterns(np.isfinite(block)):
            if rows.all():
                part, kept = block[chosen], layout
            else:
                part, kept = block[np.ix_(chosen, rows)], layout.only(rows)
            sums = _sums(part, kept, design[kept.rows])
            total.put(chosen + features.start, sums)
    return _standardize(total, reference)


def moments(
    model: LocationScale, values: np.ndarray, layout: Layout, design: np.ndarray
) -> Moments:
    """Moments of rows that the model was not fitted to; arguments as for `fit`."""
    shape = (len(layout.sizes), values.shape[1])
    count, squares = np.zeros(shape, dtype=int), np.zeros(shape)
    mean = np.full(shape, np.nan)
    for features in blocks(values.shape):
        block = np.take(values.T[features], layout.rows, axis=1)
        largest = _largest(block) / model.sd[features]
        block -= expected(model, design[layout.rows], features)
        block /= model.sd[features, None]
        for batch, rows in layout.slices():
            found = _moments(block[:, rows], largest)
            for total, part in zip((count, mean, squares), found, strict=True):
                total[batch, features] = part
    return Moments(count, mean, squares)


def expected(model: LocationScale, design: np.ndarray, features: slice) -> np.ndarray:
    """Value expected without batch effects, (features, n) or (features, 1).

    Columns are added one by one: a matrix product may round a row differently
    when other rows are present.
    """
    total = model.grand_mean[features, None]
    for column, effect in zip(design.T, model.effects, strict=True):
        total = total + effect[features, None] * column
    return total


def remove(
    model: LocationScale,
    shift: np.ndarray,
    variance: np.ndarray,
    values: np.ndarray,
    layout: Layout,
    design: np.ndarray,
) -> np.ndarray:
    """Features (n, p) without batch effects, cell by cell.

    Rows outside the layout, batches without any effect and constant features
    stay as they are; features that were not estimated become NaN.

    Parameters
    ----------
    model : LocationScale
    shift, variance : ndarray of float, shape (batches, p)
        Effect of each batch in units of the residual SD.
    values, layout, design
        As for `fit`.
    """
    result = np.empty(values.shape[::-1])
    outside = np.setdiff1d(np.arange(len(values)), layout.rows, assume_unique=True)
    if len(outside):
        result[:, outside] = values.T[:, outside]
    moves, scales = model.sd * shift, np.sqrt(variance)
    idle = ~shift.any(axis=1) & (variance == 1).all(axis=1)
    for features in blocks(values.shape):
        block = np.take(values.T[features], layout.rows, axis=1)
        target = expected(model, design[layout.rows], features)
        for batch, rows in layout.slices():
            if not idle[batch]:
                centre = target[:, rows] if target.shape[1] > 1 else target
                block[:, rows] -= centre + moves[batch, features, None]
                block[:, rows] /= scales[batch, features, None]
                block[:, rows] += centre
        result[features, layout.rows] = block
    result[model.constant] = values.T[model.constant]
    result[~model.estimated] = np.nan
    return result.T


def _patterns(finite: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Indices of features with the same finite rows, and the mask of these rows."""
    if finite.all():
        yield np.arange(len(finite)), np.ones(finite.shape[1], dtype=bool)
        return
    packed = np.packbits(finite, axis=1)
    _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    for number, example in enumerate(first):
        if finite[example].any():
            yield np.flatnonzero(which.ravel() == number), finite[example]


def _sums(block: np.ndarray, layout: Layout, design: np.ndarray) -> _Sums:
    """Least squares of complete features (f, m); overwrites `block`."""
    lowest, highest = block.min(axis=1), block.max(axis=1)
    largest = _largest(block)
    middle = block.mean(axis=1)
    block -= middle[:, None]
    intercept, squares = np.full((2, len(layout.sizes), len(block)), np.nan)
    for batch, rows in layout.slices():
        intercept[batch] = block[:, rows].mean(axis=1)
        block[:, rows] -= intercept[batch][:, None]
    effects = _effects(block, layout, design)
    np.square(block, out=block)
    for batch, rows in layout.slices():
        squares[batch] = _beyond_rounding(
            block[:, rows].sum(axis=1), layout.sizes[batch], largest
        )
        intercept[batch] -= design[rows].mean(axis=0) @ effects
    return _Sums(
        count=np.repeat(layout.sizes[:, None], len(block), axis=1),
        intercept=intercept + middle,
        square_sum=squares,
        effects=effects,
        spread=highest - lowest,
        largest=largest,
    )


def _effects(block: np.ndarray, layout: Layout, design: np.ndarray) -> np.ndarray:
    """Effects (k, f) of covariates inside batches; `block` becomes residuals."""
    effects = np.zeros((design.shape[1], len(block)))
    informative = design.any(axis=0)
    if not informative.any():
        return effects
    within = centred(design[:, informative], layout)
    if rank_deficient(within):
        block[:], effects[:] = np.nan, np.nan
        return effects
    effects[informative] = np.linalg.pinv(within) @ block.T
    block -= effects[informative].T @ within.T
    return effects


def _standardize(total: _Sums, reference: int | None) -> tuple[LocationScale, Moments]:
    """Grand mean, pooled spread, and moments in units of it."""
    which = slice(None) if reference is None else slice(reference, reference + 1)
    count = total.count[which]
    n = np.where(count.sum(axis=0) > 0, count.sum(axis=0), np.nan)
    seen = np.where(count > 0, total.intercept[which], 0.0)
    squares = np.where(count > 0, total.square_sum[which], 0.0)
    grand_mean = (count / n * seen).sum(axis=0)
    sd = np.sqrt(squares.sum(axis=0) / n)
    known = np.isfinite(total.largest)
    constant = known & ~exceeds_rounding(total.spread, total.largest)
    flat = known & np.isfinite(sd) & ~exceeds_rounding(sd, total.largest)
    sd = np.where(flat | constant, 1.0, sd)
    model = LocationScale(grand_mean, total.effects, sd, constant, flat & ~constant)
    scaled = np.where(total.count > 0, total.square_sum / sd / sd, 0.0)
    return model, Moments(total.count, (total.intercept - grand_mean) / sd, scaled)


def _largest(block: np.ndarray) -> np.ndarray:
    """Largest absolute value of each feature (f, m); 0 without any."""
    return np.asarray(np.fmax.reduce(np.abs(block), axis=1, initial=0.0))


def _beyond_rounding(
    squares: np.ndarray, count: np.ndarray, largest: np.ndarray
) -> np.ndarray:
    """Sums of squares, exactly zero where values differ by rounding alone."""
    sd = np.sqrt(squares / np.maximum(count, 1))
    return np.where(np.isnan(sd) | exceeds_rounding(sd, largest), squares, 0.0)


def _moments(
    block: np.ndarray, largest: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    finite = np.isfinite(block)
    count = finite.sum(axis=1)
    total = np.where(finite, block, 0.0).sum(axis=1)
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    spread = np.where(finite, block - mean[:, None], 0.0)
    squares = (spread**2).sum(axis=1)
    return count, mean, _beyond_rounding(squares, count, largest)
