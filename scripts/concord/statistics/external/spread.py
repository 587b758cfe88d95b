"""Mean and standard deviation of scores, and how far each subject moves them."""

import numpy as np


def log_sd(scores: np.ndarray) -> tuple[float, np.ndarray]:
    """Logarithm of the SD, and the influence of each subject on it, shape (n,).

    The sum of squared influences is the variance; it follows the kurtosis of the
    scores, so that no normal distribution is assumed. NaN if all scores are equal.
    """
    away = scores - scores.mean() if len(scores) else scores
    n = len(scores)
    variance = float(away @ away) / (n - 1) if n > 1 else 0.0
    if not variance > 0:
        return float("nan"), np.full(n, np.nan)
    influence = (away**2 / variance - 1) / (2 * n)
    # The jackknife to first order: without whom the others' variance would be.
    influence /= 1 - np.minimum((1 + away**2 / variance) / n, 0.5)
    return float(np.log(variance) / 2), influence


def mean(scores: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean, and the influence of each subject on it, shape (n,); NaN of nobody."""
    n = len(scores)
    if n < 2:
        return (float(scores[0]) if n else float("nan")), np.full(n, np.nan)
    return float(scores.mean()), (scores - scores.mean()) / np.sqrt(n * (n - 1))


def standard_error(influence: np.ndarray, cluster: np.ndarray) -> float:
    """Root of the summed squares of influences summed within clusters.

    NaN of fewer than two clusters, which show no spread.
    """
    names, place = np.unique(np.asarray(cluster).astype(str), return_inverse=True)
    n = len(names)
    if n < 2:
        return float("nan")
    summed = np.bincount(place, influence, n)
    # The usual correction for few clusters, where there are any of several subjects.
    few = n / (n - 1) if n < len(influence) else 1.0
    return float(np.sqrt(few * (summed**2).sum()))
