"""The 0/1 columns of a categorical covariate: which belong together, and their mode."""

from collections.abc import Iterable

import numpy as np

from .subject_table import COVARIATE


def categories(columns: Iterable[str]) -> list[list[int]]:
    """Places of the columns ``covariate.<name>=<level>`` of each category, in order.

    One level, the first, has no column: there all others are 0.
    """
    found: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        name, is_level, _ = str(column).partition("=")
        if is_level and name.startswith(COVARIATE):
            found.setdefault(name, []).append(place)
    return list(found.values())


def commonest_level(indicators: np.ndarray) -> np.ndarray:
    """Indicators (levels,) of the commonest level, the earlier of equally common ones.

    Parameters
    ----------
    indicators : ndarray of float, shape (n, levels)
        Columns of one category; a row with a gap does not count. NaN comes of rows
        that all have one.
    """
    known = indicators[np.isfinite(indicators).all(axis=1)]
    if not len(known):
        return np.full(indicators.shape[1], np.nan)
    counts = [(known == 0).all(axis=1).sum(), *(known == 1).sum(axis=0)]
    level = int(np.argmax(counts))
    return np.array([float(level == place) for place in range(1, len(counts))])
