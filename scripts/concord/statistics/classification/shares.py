"""Shares of subjects who are called rightly, and how many subjects they speak for."""

from typing import NamedTuple

import numpy as np


class Share(NamedTuple):
    """A share and the number of independent subjects of the same error."""

    value: float
    n: float


def share(hit: np.ndarray, weight: np.ndarray, cluster: np.ndarray) -> Share:
    """Weighted share of hits, NaN without weight.

    Without weights, and with a cluster for each subject, `n` is the number of subjects.
    Otherwise it is the number whose share would have the variance that is seen between
    the clusters; of a share of 0 or 1, which shows none, that by weights alone [1]_.

    Parameters
    ----------
    hit : ndarray of bool, shape (n,)
        Whether a subject is called rightly.
    weight : ndarray of float, shape (n,)
        What each counts for; 0 if it is not asked about.
    cluster : ndarray of int, shape (n,)
        Number of the cluster, from 0.

    References
    ----------
    .. [1] Kish, L. (1965). Survey Sampling. Wiley, New York.
    """
    total = float(weight.sum())
    if not total > 0:
        return Share(float("nan"), 0.0)
    value = float((weight * hit).sum() / total)
    by_cluster = np.bincount(cluster, weight)
    alike = total**2 / float((by_cluster**2).sum())
    spread = np.bincount(cluster, weight * (hit - value))
    variance = float((spread**2).sum()) / total**2
    if not 0 < value < 1 or not variance > 0:
        return Share(value, alike)
    return Share(value, value * (1 - value) / variance)


def accuracy_shares(
    case: np.ndarray, high: np.ndarray, weight: np.ndarray, cluster: np.ndarray
) -> dict[str, Share]:
    """Sensitivity, specificity and predictive values, by name.

    Parameters
    ----------
    case, high : ndarray of bool, shape (n,)
        Whether the event came, and whether the subject is called high.
    weight : ndarray of float, shape (n,)
        What each subject counts for.
    cluster : ndarray of int, shape (n,)
        As for `share`.
    """
    return {
        "sensitivity": share(high, weight * case, cluster),
        "specificity": share(~high, weight * ~case, cluster),
        "ppv": share(case, weight * high, cluster),
        "npv": share(~case, weight * ~high, cluster),
    }
