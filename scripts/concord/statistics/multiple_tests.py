"""P-values of several tests at once."""

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    """P values adjusted by the method of Holm; NaN are no tests.

    References
    ----------
    Holm, S. (1979). "A simple sequentially rejective multiple test procedure". Scand J
    Stat, 6, 65-70. https://www.jstor.org/stable/4615733
    """
    adjusted, so_far = [float("nan")] * len(p_values), 0.0
    order = [
        i for i in np.argsort(p_values, kind="stable") if not np.isnan(p_values[i])
    ]
    for place, i in enumerate(order):
        so_far = max(so_far, min(1.0, (len(order) - place) * p_values[i]))
        adjusted[i] = so_far
    return adjusted
