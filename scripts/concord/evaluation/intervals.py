"""Confidence intervals of discrimination measures."""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class Interval:
    """Point estimate with bounds; NaN bounds where they are undefined."""

    estimate: float
    lower: float
    upper: float
    method: str


def logit_interval(
    estimate: float, se: float, confidence: float, method: str
) -> Interval:
    """Normal interval on the logit scale, for a share strictly inside (0, 1)."""
    if not (0 < estimate < 1 and np.isfinite(se)):
        return Interval(estimate, np.nan, np.nan, f"{method}; interval undefined")
    half = special.ndtri(0.5 + confidence / 2) * se / (estimate * (1 - estimate))
    centre = np.log(estimate / (1 - estimate))
    lower, upper = (1 / (1 + np.exp(-(centre + sign * half))) for sign in (-1, 1))
    return Interval(estimate, float(lower), float(upper), method)


def wilson_interval(share: float, n: int, confidence: float) -> tuple[float, float]:
    """Score interval of a share of n subjects; NaN without a subject.

    References
    ----------
    Wilson, E. B. (1927). "Probable inference, the law of succession, and
    statistical inference". Journal of the American Statistical Association, 22,
    209-212. https://doi.org/10.1080/01621459.1927.10502953
    """
    if not n or not np.isfinite(share):
        return float("nan"), float("nan")
    z2 = special.ndtri(0.5 + confidence / 2) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))


def nadeau_bengio(
    values: np.ndarray, ratios: np.ndarray, confidence: float, method: str
) -> Interval:
    """Corrected resampled t interval of a mean over folds.

    Folds share most of their development rows, so the variance of the mean is
    ``(1 / J + n_evaluation / n_development)`` times the variance over folds.

    Parameters
    ----------
    values : ndarray of float, shape (J,)
        One value per fold.
    ratios : ndarray of float, shape (J,)
        Evaluation subjects per development subject of each fold.
    confidence : float
        Such as 0.95.
    method : str
        Text that names estimate and interval.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). "Inference for the generalization error".
    Machine Learning, 52, 239-281. https://doi.org/10.1023/A:1024068626366
    """
    return _t_interval(values, 1 / len(values) + ratios.mean(), confidence, method)


def t_over_groups(values: np.ndarray, confidence: float, method: str) -> Interval:
    """Student's t interval of the unweighted mean over groups."""
    return _t_interval(values, 1 / len(values), confidence, method)


def _t_interval(
    values: np.ndarray, factor: float, confidence: float, method: str
) -> Interval:
    mean = float(values.mean())
    if len(values) < 2:
        return Interval(mean, np.nan, np.nan, f"{method}; interval undefined")
    half = special.stdtrit(len(values) - 1, 0.5 + confidence / 2)
    half *= np.sqrt(factor * values.var(ddof=1))
    return Interval(mean, float(mean - half), float(mean + half), method)
