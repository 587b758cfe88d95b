"""Batch effects of all features of one batch, shrunk towards their common prior."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import FitError

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
    shape: float  # NaN if only shifts are estimated, as is the rate
    rate: float

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any] | None) -> "Prior | None":
        """The prior in estimates, where None stands for NaN."""
        if found is None:
            return None
        return cls(**{k: float("nan") if v is None else v for k, v in found.items()})

    @property
    def variance_mean(self) -> float:
        """Mean of the inverse gamma distribution."""
        return self.rate / (self.shape - 1)

    @property
    def variance_spread(self) -> float:
        """Variance of the inverse gamma distribution."""
        return self.variance_mean**2 / (self.shape - 2)


@dataclass(frozen=True)
class BatchEffect:
    """Effect of one batch on each feature, in units of its residual SD."""

    shift: np.ndarray  # (p,), gamma*
    variance: np.ndarray  # (p,), delta*
    prior: Prior | None
    converged: bool


def unshrunk(
    count: np.ndarray, mean: np.ndarray, square_sum: np.ndarray, mean_only: bool
) -> BatchEffect:
    """Mean and variance of the batch itself; NaN without finite rows.

    A variance that is zero or that one row cannot tell becomes 1.
    """
    if mean_only:
        return BatchEffect(mean, np.ones_like(mean), None, True)
    variance = _variance(count, square_sum)
    flat = (variance == 0) | (count == 1)
    return BatchEffect(mean, np.where(flat, 1.0, variance), None, True)


def shrunk(
    count: np.ndarray,
    mean: np.ndarray,
    square_sum: np.ndarray,
    stop_rule: str = "absolute",
    prior: Prior | None = None,
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
    prior : Prior or None
        None takes the prior from the features of the batch itself.

    References
    ----------
    .. [1] Johnson, W. E., Li, C. and Rabinovic, A. (2007). "Adjusting batch
           effects in microarray expression data using empirical Bayes
           methods". Biostatistics, 8, 118-127.
           https://doi.org/10.1093/biostatistics/kxj037
    """
    hat = np.where(count > 0, mean, 0.0)
    prior = prior or _prior(mean[count > 0], _variance(count, square_sum))
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


def shrunk_mean(
    count: np.ndarray,
    mean: np.ndarray,
    prior: Prior | None = None,
    as_sva: bool = False,
) -> BatchEffect:
    """Shift alone, shrunk by the batch's own number of rows.

    The R package sva (`as_sva`) shrinks as if each batch had one row, which
    leaves most of a shift in place.
    """
    hat = np.where(count > 0, mean, 0.0)
    prior = prior or _shift_prior(mean[count > 0])
    weight = np.minimum(count, 1) if as_sva else count
    shift = _posterior_shift(weight, hat, np.ones_like(hat), prior)
    return BatchEffect(shift, np.ones_like(hat), prior, True)


def pooled(priors: Sequence[Prior]) -> Prior:
    """Prior of a batch that was not there, from those of the batches that were.

    Batches count alike. Means are averaged; to the average variance comes the
    variance of the means between batches (law of total variance).
    """
    if len(priors) < 2:
        raise FitError(f"a pooled prior needs two batches, found {len(priors)}.")
    shift_mean, shift_variance = _mixture(
        np.array([prior.shift_mean for prior in priors]),
        np.array([prior.shift_variance for prior in priors]),
    )
    centre, spread = _mixture(
        np.array([prior.variance_mean for prior in priors]),
        np.array([prior.variance_spread for prior in priors]),
    )
    return Prior(shift_mean, shift_variance, *_inverse_gamma(centre, spread))


def _mixture(means: np.ndarray, variances: np.ndarray) -> tuple[float, float]:
    return float(means.mean()), float(variances.mean() + means.var(ddof=1))


def _inverse_gamma(centre: float, spread: float) -> tuple[float, float]:
    """Shape and rate of the distribution with this mean and variance."""
    shape = (2 * spread + centre**2) / spread
    rate = (centre * spread + centre**3) / spread
    return float(shape), float(rate)


def _posterior_shift(
    count: np.ndarray, hat: np.ndarray, variance: np.ndarray, prior: Prior
) -> np.ndarray:
    weight = prior.shift_variance * count
    return np.asarray(
        (weight * hat + variance * prior.shift_mean) / (weight + variance)
    )


def _variance(count: np.ndarray, square_sum: np.ndarray) -> np.ndarray:
    unknown = np.full(len(count), np.nan)
    return np.asarray(np.divide(square_sum, count - 1, out=unknown, where=count > 1))


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
    shift = _shift_prior(means)
    shape, rate = _inverse_gamma(float(centre), float(spread))
    return Prior(shift.shift_mean, shift.shift_variance, shape, rate)


def _shift_prior(means: np.ndarray) -> Prior:
    spread = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    return Prior(float(means.mean()), spread, float("nan"), float("nan"))


def _settled(steps: tuple[np.ndarray, ...], old: tuple[np.ndarray, ...]) -> bool:
    return bool(max(np.abs(step).max() for step in steps) < TOLERANCE)


def _settled_as_sva(steps: tuple[np.ndarray, ...], old: tuple[np.ndarray, ...]) -> bool:
    """The division by signed values is what the R package does."""
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = [np.abs(step) / value for step, value in zip(steps, old, strict=True)]
    return bool(max(change.max() for change in changes) <= SVA_TOLERANCE)


_STOP = {"absolute": _settled, "sva": _settled_as_sva}
