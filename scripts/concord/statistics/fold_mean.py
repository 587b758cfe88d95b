"""Mean of a measure over folds, and its standard error by clusters of subjects."""

from collections.abc import Sequence

import numpy as np

from .discrimination import PairCounts


def fold_values(counts: Sequence[PairCounts]) -> np.ndarray:
    """Share of concordant pairs in each fold, (folds, ...); NaN without a pair."""
    return np.stack([one.value for one in counts])


def fold_influences(
    counts: Sequence[PairCounts], members: Sequence[np.ndarray], n_clusters: int
) -> np.ndarray:
    """Influence of each cluster on the value of each fold, (folds, ..., n_clusters).

    Parameters
    ----------
    counts : sequence of PairCounts
        Of the evaluation subjects of each fold, shape (..., n) each.
    members : sequence of ndarray of int, shape (n,)
        Number of the cluster of these subjects, from 0.
    n_clusters : int
        Number of clusters of all folds.
    """
    centre = mean_of_defined(fold_values(counts))
    found = []
    for one, clusters in zip(counts, members, strict=True):
        influence = one.influence(centre)
        summed = np.zeros((n_clusters, *influence.shape[:-1]))
        np.add.at(summed, clusters, np.moveaxis(influence, -1, 0))
        found.append(np.moveaxis(summed, 0, -1))
    return np.stack(found)


def mean_of_defined(values: np.ndarray) -> np.ndarray:
    """Mean over the folds (first axis) whose value is defined; NaN without one."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    nothing = np.full(np.shape(count), np.nan)
    return np.asarray(np.divide(total, count, out=nothing, where=count > 0))


def standard_error(values: np.ndarray, influences: np.ndarray) -> np.ndarray:
    """Standard error of the mean of the defined folds of one repeat, shape (...).

    The influence of a cluster on the mean is the mean of its influences on the folds,
    and the squared error is the sum of their squares over the clusters. NaN if no fold
    is defined.

    Parameters
    ----------
    values : ndarray of float, shape (folds, ...)
        Of the folds in which the subjects of one repeat are evaluated.
    influences : ndarray of float, shape (folds, ..., n_clusters)
        From `fold_influences`.
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known[..., None], influences, 0.0).sum(axis=0)
    mean = total / np.maximum(count, 1)[..., None]
    error = np.sqrt((mean**2).sum(axis=-1))
    return np.asarray(np.where(count > 0, error, np.nan))


def cluster_correction(n_clusters: int, n_subjects: int) -> float:
    """Factor of standard errors of few clusters; 1 if each subject is one of its own.

    The influence of single subjects already holds it.
    """
    if not 1 < n_clusters < n_subjects:
        return 1.0
    return float(np.sqrt(n_clusters / (n_clusters - 1)))
