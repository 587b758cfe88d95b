"""Place of a value among those of permuted outcomes: p-value and band."""

import math
from typing import NamedTuple

import numpy as np

#: Share of the permuted values beyond each bound of the band.
TAIL = 0.025
#: Fewer permuted values have no band.
LEAST = 99


class Band(NamedTuple):
    """Bounds of the central 95 % of permuted values; NaN where there are too few."""

    lower: float
    upper: float

    def place(self, value: float) -> str | None:
        """Words for a value: "above", "inside" or "below"; None without a band."""
        if not (np.isfinite(self.lower) and np.isfinite(value)):
            return None
        if value > self.upper:
            return "above"
        return "below" if value < self.lower else "inside"


def band(permuted: np.ndarray) -> Band:
    """Band such that a value lies above it if, and only if, its p-value is <= 0.025.

    The bounds are order statistics: with k = 0.025 (n + 1), rounded down, the k-th
    largest and the k-th smallest of n values. Below 99 values there is no band.

    Parameters
    ----------
    permuted : ndarray of float, shape (n,)
        Without NaN.
    """
    n = len(permuted)
    if n < LEAST:
        return Band(math.nan, math.nan)
    k = math.floor(TAIL * (n + 1) + 1e-9)
    ascending = np.sort(permuted)
    return Band(float(ascending[k - 1]), float(ascending[n - k]))


def p_value(value: float, permuted: np.ndarray) -> float:
    """Share of permuted values at least as large as a value, itself counted [1]_.

    It is never zero.

    References
    ----------
    .. [1] Phipson, B. and Smyth, G. K. (2010). "Permutation p-values should never be
           zero". Stat Appl Genet Mol Biol, 9, 39.
           https://doi.org/10.2202/1544-6115.1585
    """
    return (1 + int(np.sum(permuted >= value))) / (1 + len(permuted))
