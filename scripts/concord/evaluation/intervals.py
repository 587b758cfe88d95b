"""Confidence intervals of discrimination measures."""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class Interval:
    """Point estimate with bounds; without bounds there is a reason."""

    estimate: float
    standard_error: float
    widening: float
    lower: float
    upper: float
    method: str
    reason: str | None = None


def logit_bounds(
    estimate: float, se: float, confidence: float, degrees: float = np.inf
) -> tuple[float, float]:
    """Student's interval on the logit scale, for a share strictly inside (0, 1).

    Parameters
    ----------
    estimate, se : float
        Share and its standard error, above 0.
    confidence : float
        Such as 0.95.
    degrees : float
        Degrees of freedom of the standard error.
    """
    half = quantile(confidence, degrees) * se / (estimate * (1 - estimate))
    centre = special.logit(estimate)
    return float(special.expit(centre - half)), float(special.expit(centre + half))


def symmetric_bounds(
    estimate: float, se: float, confidence: float, degrees: float = np.inf
) -> tuple[float, float]:
    """Student's interval of a difference."""
    half = quantile(confidence, degrees) * se
    return float(estimate - half), float(estimate + half)


def quantile(confidence: float, degrees: float) -> float:
    """Two-sided quantile of Student's t, or of the normal for infinite degrees."""
    share = 0.5 + confidence / 2
    if np.isinf(degrees):
        return float(special.ndtri(share))
    return float(special.stdtrit(degrees, share))


def wilson_interval(share: float, n: float, confidence: float) -> tuple[float, float]:
    """Score interval of a share of n subjects; NaN without a subject.

    References
    ----------
    Wilson, E. B. (1927). "Probable inference, the law of succession, and
    statistical inference". Journal of the American Statistical Association, 22,
    209-212. https://doi.org/10.1080/01621459.1927.10502953
    """
    if not n > 0 or not np.isfinite(share):
        return float("nan"), float("nan")
    z2 = special.ndtri(0.5 + confidence / 2) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))
