"""DeLong's test of two areas under ROC curves, and the p-value of a statistic."""

from typing import NamedTuple

import numpy as np

from ..discrimination import PairCounts


class AreaTest(NamedTuple):
    """Difference of two areas in standard errors, and its two-sided p-value."""

    statistic: float
    p_value: float


def unpaired_test(first: PairCounts, second: PairCounts) -> AreaTest:
    """Test of the areas of two sets of subjects, shape (n,) each [1]_.

    The statistic is compared with Student's t, degrees of freedom as of Welch's test.
    Two scores of the same subjects are compared by paired differences instead, see
    `evaluation.discrimination.tables`.

    References
    ----------
    .. [1] DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Biometrics,
           44, 837-845. https://doi.org/10.2307/2531595
    """
    variances = [float((one.influence() ** 2).sum()) for one in (first, second)]
    sizes = [one.pairs.shape[-1] for one in (first, second)]
    total = sum(variances)
    parts = sum(v**2 / (n - 1) for v, n in zip(variances, sizes, strict=True) if n > 1)
    degrees = total**2 / parts if parts else np.inf
    difference = float(first.value - second.value)
    statistic = difference / np.sqrt(total) if total > 0 else float("nan")
    return AreaTest(statistic, two_sided(statistic, degrees))


def two_sided(statistic: float, degrees: float) -> float:
    """Two-sided p-value of a statistic of Student's t; NaN of NaN."""
    from scipy.special import ndtr, stdtr

    if np.isinf(degrees):
        return float(2 * ndtr(-abs(statistic)))
    return float(2 * stdtr(degrees, -abs(statistic)))
