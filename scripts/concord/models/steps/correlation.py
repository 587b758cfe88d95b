"""Filter of correlated features, which no outcome decides about."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import cluster, spatial

from ...folds.subject_table import feature_names
from ...statistics.ranks import average_ranks
from .base import Step


class CorrelationFilter(Step):
    """Keep one feature of each group of correlated features.

    Groups are average-linkage clusters of ``1 - |Spearman correlation|``, cut
    at ``1 - limit``. The kept feature has the largest mean absolute
    correlation with its cluster; the outcome plays no part.

    Parameters
    ----------
    limit : float
        Absolute rank correlation, in (0, 1]; 1 keeps all but exact copies.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def fit(self, X: pd.DataFrame, y: Any = None) -> "CorrelationFilter":
        features = feature_names(X.columns)
        correlation = absolute_spearman(X[features].to_numpy())
        kept = representatives(correlation, self.limit)
        self.dropped_ = [n for i, n in enumerate(features) if i not in kept]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.drop(columns=self.dropped_)


def absolute_spearman(values: np.ndarray) -> np.ndarray:
    """|Spearman correlation| of all pairs of columns, shape (p, p); no NaN."""
    if not values.shape[1]:
        return np.zeros((0, 0))
    ranks = average_ranks(values)
    ranks -= ranks.mean(axis=0)
    norm = np.sqrt((ranks**2).sum(axis=0))
    ranks /= np.where(norm > 0, norm, 1.0)
    correlation = np.minimum(np.abs(ranks.T @ ranks), 1.0)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(correlation)


def representatives(correlation: np.ndarray, limit: float) -> set[int]:
    """One column of each cluster of correlated columns; ties keep the first."""
    if len(correlation) < 2:
        return set(range(len(correlation)))
    # Rounding must not decide which of two equal distances is linked first.
    distance = np.round(1.0 - correlation, 12)
    condensed = spatial.distance.squareform(distance, checks=False)
    tree = cluster.hierarchy.linkage(condensed, "average")
    group = cluster.hierarchy.fcluster(tree, 1.0 - limit + 1e-12, criterion="distance")
    kept = set()
    for number in np.unique(group):
        members = np.flatnonzero(group == number)
        centrality = np.round(correlation[np.ix_(members, members)].sum(axis=1), 9)
        kept.add(int(members[np.argmax(centrality)]))
    return kept
