"""Batch effects of all features of one batch, shrunk towards their common prior."""

from dataclasses import dataclass

import numpy as np

from ..errors import FitError

#: Largest change of an estimate that ends the iteration, in residual SD.
TOLERANCE = 1e-10
#: Relative change that ends the iteration of the R package sva.
SVA_TOLERANCE = 1e-4
MAX_ITERATIONS = 1000
#: Fewer features do not carry a prior.
MIN_FEATURES = 3


@dataclass(frozen=True)
class Prior:
    """Normal prior of the shifts, inverse gamma prior of the variances."""

    shift_mean: float
    shift_variance: float
    shape: float
    rate: float


@dataclass(frozen=True)
class BatchEffect:
    """What one batch does to each feature, in units of its residual SD."""

    shift: np.ndarray  # (p,), gamma*
    variance: np.ndarray  # (p,), delta*
    prior: Prior | None
    converged: bool


def unshrunk(
    count: np.ndarray, mean: np.ndarray, square_sum: np.ndarray, mean_only: bool
) -> BatchEffect:
    """Mean and variance of the batch itself; NaN with too few finite rows.

    A variance of zero becomes 1: such a feature has no spread to rescale.
    """
    if mean_only:
        return BatchEffect(mean, np.ones_like(mean), None, True)
    variance = _variance(count, square_sum)
    return BatchEffect(mean, np.where(variance == 0, 1.0, variance), None, True)


def shrunk(
    count: np.ndarray,
    mean: np.ndarray,
    square_sum: np.ndarray,
    stop_rule: str = "absolute",
) -> BatchEffect:
    """Parametric empirical Bayes estimates of shift and variance [1]_.

    Parameters
    ----------
    count, mean, square_sum : ndarray, shape (p,)
        Moments of the batch on the standardized scale. A feature without
        finite rows gets the mean of the prior.
    stop_rule : {"absolute", "sva"}
        "absolute" iterates until nothing moves by more than 1e-10; "sva" stops
        where the R package does, about 1e-5 SD earlier.

    References
    ----------
    .. [1] Johnson, W. E., Li, C. and Rabinovic, A. (2007). "Adjusting batch
           effects in microarray expression data using empirical Bayes
           methods". Biostatistics, 8, 118-127.
           https://doi.org/10.1093/biostatistics/kxj037
    """
    hat = np.where(count > 0, mean, 0.0)
    prior = _prior(mean[count > 0], _variance(count, square_sum))
    shift = hat
    variance = np.where(count > 1, _variance(count, square_sum), 1.0)
    for _ in range(MAX_ITERATIONS):
        new_shift = _posterior_shift(count, hat, variance, prior)
        squares = square_sum + count * (hat - new_shift) ** 2
        new_variance = (0.5 * squares + prior.rate) / (0.5 * count + prior.shape - 1)
        steps = (new_shift - shift, new_variance - variance)
        done = _STOP[stop_rule](steps, (shift, variance))
        shift, variance = new_shift, new_variance
        if done:
            return BatchEffect(shift, variance, prior, True)
    return BatchEffect(shift, variance, prior, False)


def shrunk_mean(count: np.ndarray, mean: np.ndarray) -> BatchEffect:
    """Shift alone, shrunk by the batch's own number of rows.

    The R package sva uses one row whatever the size of the batch, which leaves
    most of a shift in place.
    """
    hat = np.where(count > 0, mean, 0.0)
    prior = _shift_prior(mean[count > 0])
    shift = _posterior_shift(count, hat, np.ones_like(hat), prior)
    return BatchEffect(shift, np.ones_like(hat), prior, True)


def _posterior_shift(
    count: np.ndarray, hat: np.ndarray, variance: np.ndarray, prior: Prior
) -> np.ndarray:
    weight = prior.shift_variance * count
    return (weight * hat + variance * prior.shift_mean) / (weight + variance)


def _variance(count: np.ndarray, square_sum: np.ndarray) -> np.ndarray:
    unknown = np.full(len(count), np.nan)
    return np.divide(square_sum, count - 1, out=unknown, where=count > 1)


def _prior(means: np.ndarray, variances: np.ndarray) -> Prior:
    """Moments of shifts and variances over the features of one batch."""
    known = variances[np.isfinite(variances)]
    if not known.any():
        raise FitError(
            "no feature varies within the batch; its rows may be copies of one "
            "subject. Check the rows, or use mean_only."
        )
    centre = known.mean()
    spread = max(known.var(ddof=1) if len(known) > 1 else 0.0, 1e-12 * centre**2)
    shape = (2 * spread + centre**2) / spread
    rate = (centre * spread + centre**3) / spread
    shift = _shift_prior(means)
    return Prior(shift.shift_mean, shift.shift_variance, float(shape), float(rate))


def _shift_prior(means: np.ndarray) -> Prior:
    spread = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    return Prior(float(means.mean()), spread, float("nan"), float("nan"))


def _settled(steps: tuple[np.ndarray, ...], old: tuple[np.ndarray, ...]) -> bool:
    return max(np.abs(step).max() for step in steps) < TOLERANCE


def _settled_as_sva(steps: tuple[np.ndarray, ...], old: tuple[np.ndarray, ...]) -> bool:
    """The division by signed values is what the R package does."""
    changes = [np.abs(step) / value for step, value in zip(steps, old, strict=True)]
    return max(change.max() for change in changes) <= SVA_TOLERANCE


_STOP = {"absolute": _settled, "sva": _settled_as_sva}
