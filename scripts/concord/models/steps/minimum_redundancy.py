"""Selection of features that tell of the outcome and not the same as each other."""

import numpy as np
import pandas as pd

from ...folds.subject_table import feature_names
from ...statistics import targets
from .base import Step
from .univariate import univariate_strength


class MinimumRedundancy(Step):
    """Keep features of maximum relevance and minimum redundancy (mRMR) [1]_, [2]_.

    One feature joins at a time: that of the largest quotient of its relevance and its
    mean absolute correlation with those chosen before. Relevance is the F statistic
    between the outcomes of a binary endpoint, or the score test of a Cox model with
    this feature alone. A mean correlation below ``1 / sqrt(n)``, the standard error of
    the correlation of unrelated features, counts as that, lest noise be chosen that
    happens to be orthogonal. Ties keep the earlier column. Other columns are kept.

    Parameters
    ----------
    max_features : int
        Number of features to keep.

    References
    ----------
    .. [1] Ding, C., Peng, H. (2005). "Minimum redundancy feature selection from
           microarray gene expression data". J Bioinform Comput Biol, 3, 185-205.
           https://doi.org/10.1142/S0219720005001004
    .. [2] Zhao, Z., Anand, R., Wang, M. (2019). "Maximum relevance and minimum
           redundancy feature selection methods for a marketing machine learning
           platform". IEEE DSAA, 442-452. https://doi.org/10.1109/DSAA.2019.00059
    """

    SEES_OUTCOME = True

    def __init__(self, max_features: int) -> None:
        self.max_features = max_features

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> "MinimumRedundancy":
        features = feature_names(X.columns)
        values = X[features].to_numpy(dtype=float)
        chosen = least_redundant(values, relevance(values, y), self.max_features)
        self.selected_ = [features[place] for place in sorted(chosen)]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        left_out = set(feature_names(X.columns)).difference(self.selected_)
        return X.loc[:, [name not in left_out for name in X.columns]]


def least_redundant(values: np.ndarray, strength: np.ndarray, n_most: int) -> list[int]:
    """Columns (n, p) in the order in which mRMR chooses them, at most `n_most`.

    A column whose strength (p,) is NaN is never chosen.
    """
    spread = values.std(axis=0)
    columns = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    left = np.isfinite(strength)
    redundancy, least = np.zeros(values.shape[1]), len(values) ** -0.5
    chosen: list[int] = []
    while left.any() and len(chosen) < n_most:
        mean = redundancy / len(chosen) if chosen else 1.0
        merit = strength / np.maximum(mean, least)
        # Rounding must not decide between copies: 12 digits are compared.
        best = merit[left].max()
        place = int(np.flatnonzero(left & (merit >= best * (1 - 1e-12)))[0])
        chosen.append(place)
        left[place] = False
        redundancy += np.abs(columns[:, place] @ columns) / len(values)
    return chosen


def relevance(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Relevance of each column (n, p) to the outcome, shape (p,); NaN if unknown.

    F statistic between both outcomes, with the weights of the subjects if they have
    some; chi-squared of the score test of Cox's model for times.
    """
    if targets.time(y) is not None:
        return univariate_strength(values, y)
    event, weight = targets.event(y).astype(float), targets.weight(y)
    weight = np.ones(len(values)) if weight is None else weight
    weight = weight / weight.mean()
    first, other = weight * event, weight * (1.0 - event)
    unknown = np.full(values.shape[1], np.nan)
    if not (first.sum() and other.sum()):
        return unknown
    means = [part @ values / part.sum() for part in (first, other)]
    within = sum(
        part @ (values - mean) ** 2
        for part, mean in zip((first, other), means, strict=True)
    )
    between = (means[0] - means[1]) ** 2 / (1 / first.sum() + 1 / other.sum())
    n_free = len(values) - 2
    return np.asarray(
        np.divide(between * n_free, within, out=unknown, where=within > 0)
    )
