"""Ranks of values, tied ones with their mean rank."""

import numpy as np


def mean_ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each value, from 1; tied values share the mean of their ranks.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Without NaN.

    Returns
    -------
    ndarray of float, shape (n,)
        Whole or half numbers.
    """
    order = values.argsort(kind="stable")
    ascending = values[order]
    first = np.ones(len(values), dtype=bool)
    first[1:] = ascending[1:] != ascending[:-1]
    starts = np.flatnonzero(first)
    ends = np.append(starts, len(values))[1:]
    ranks = np.empty(len(values))
    ranks[order] = ((starts + 1 + ends) / 2).repeat(ends - starts)
    return ranks
