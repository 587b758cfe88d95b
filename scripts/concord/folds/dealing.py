"""Clusters dealt round the folds, so that every stratum is spread evenly."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby

import numpy as np


def cluster_numbers(clusters: Iterable[Hashable]) -> np.ndarray:
    """Number (from 0) of the cluster of each row, in the order of their names."""
    names = np.array(list(clusters))
    return np.unique(names, return_inverse=True)[1].reshape(-1)


def strata_of_clusters(
    strata: Sequence[Hashable], cluster: np.ndarray
) -> tuple[list[Hashable], np.ndarray]:
    """Stratum that most rows of each cluster have, and its number of rows.

    Of strata that are equally frequent, the first in sorted order.
    """
    sizes = np.bincount(cluster)
    if len(sizes) == len(cluster):
        by_cluster = np.argsort(cluster)
        return [strata[row] for row in by_cluster], sizes
    rows: list[Counter[Hashable]] = [Counter() for _ in sizes]
    for number, stratum in zip(cluster, strata, strict=True):
        rows[number][stratum] += 1
    frequent = [
        min(stratum for stratum, n in found.items() if n == max(found.values()))  # type: ignore[type-var]
        for found in rows
    ]
    return frequent, sizes


def dealt(strata: Sequence[Hashable], sizes: np.ndarray, n_folds: int) -> np.ndarray:
    """Fold (from 0) of clusters that are dealt in order, stratum by stratum.

    A cluster goes to the fold with the fewest rows of its stratum; of these, to the one
    with the fewest rows in all; of these, to the next one round. Clusters of one row
    each are thereby dealt round the folds.
    """
    if (sizes == 1).all():
        return np.arange(len(sizes)) % n_folds
    fold, total, last = np.empty(len(sizes), int), np.zeros(n_folds, int), -1
    for _, units in groupby(range(len(sizes)), key=strata.__getitem__):
        held = np.zeros(n_folds, int)
        for unit in units:
            turn = (np.arange(n_folds) - last - 1) % n_folds
            last = int(np.lexsort((turn, total, held))[0])
            fold[unit] = last
            held[last] += sizes[unit]
            total[last] += sizes[unit]
    return fold
