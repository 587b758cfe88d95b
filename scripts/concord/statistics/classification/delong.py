"""DeLong's test of two areas under ROC curves, of the same or of other subjects."""

from typing import NamedTuple

import numpy as np

from ..discrimination import PairCounts


class AreaTest(NamedTuple):
    """Difference of two areas, its standard error, statistic and two-sided p-value."""

    difference: float
    standard_error: float
    statistic: float
    p_value: float


def paired_test(first: PairCounts, second: PairCounts) -> AreaTest:
    """Test of two scores of the same subjects, in the same order, shape (n,) [1]_.

    References
    ----------
    .. [1] DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Biometrics,
           44, 837-845. https://doi.org/10.2307/2531595
    """
    moved = first.influence() - second.influence()
    return _test(first, second, float((moved**2).sum()), np.inf)


def unpaired_test(first: PairCounts, second: PairCounts) -> AreaTest:
    """Test of scores of two sets of subjects, by Student's t as Welch's test."""
    variances = [float((one.influence() ** 2).sum()) for one in (first, second)]
    sizes = [one.pairs.shape[-1] for one in (first, second)]
    total = sum(variances)
    parts = sum(v**2 / (n - 1) for v, n in zip(variances, sizes, strict=True) if n > 1)
    return _test(first, second, total, total**2 / parts if parts else np.inf)


def two_sided(statistic: float, degrees: float) -> float:
    """Two-sided p-value of a statistic of Student's t; NaN of NaN."""
    from scipy.special import ndtr, stdtr

    if np.isinf(degrees):
        return float(2 * ndtr(-abs(statistic)))
    return float(2 * stdtr(degrees, -abs(statistic)))


def _test(
    first: PairCounts, second: PairCounts, variance: float, degrees: float
) -> AreaTest:
    difference, error = float(first.value - second.value), float(np.sqrt(variance))
    statistic = difference / error if error > 0 else float("nan")
    return AreaTest(difference, error, statistic, two_sided(statistic, degrees))
