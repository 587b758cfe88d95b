"""Test of values of several groups whose variances are estimated: Welch's."""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class Heterogeneity:
    """Welch's statistic, its degrees of freedom and p-value."""

    statistic: float
    df: int
    df_denominator: float
    p_value: float


def heterogeneity(
    values: np.ndarray, errors: np.ndarray, degrees: np.ndarray
) -> Heterogeneity:
    """Test that the true values of independent groups are equal [1]_.

    Of two groups it is Welch's t test. Few subjects make errors uncertain, which the
    degrees of freedom take into account; a chi-squared test would reject too often.

    Parameters
    ----------
    values, errors : ndarray of float, shape (k,)
        Value of each of two or more groups, and its standard error, above 0.
    degrees : ndarray of float, shape (k,)
        Degrees of freedom of each error; may be infinite.

    References
    ----------
    .. [1] Welch, B. L. (1951). "On the comparison of several mean values: an
           alternative approach". Biometrika, 38, 330-336.
           https://doi.org/10.1093/biomet/38.3-4.330
    """
    k = len(values)
    weights = 1 / errors**2
    total = weights.sum()
    mean = (weights * values).sum() / total
    between = float((weights * (values - mean) ** 2).sum() / (k - 1))
    uncertain = float(((1 - weights / total) ** 2 / degrees).sum())
    statistic = between / (1 + 2 * (k - 2) / (k**2 - 1) * uncertain)
    if not uncertain > 0:
        chance = float(special.chdtrc(k - 1, between * (k - 1)))
        return Heterogeneity(statistic, k - 1, float("inf"), chance)
    below = (k**2 - 1) / (3 * uncertain)
    chance = float(special.fdtrc(k - 1, below, statistic))
    return Heterogeneity(statistic, k - 1, below, chance)
