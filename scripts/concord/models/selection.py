"""Selection of features inside a development set."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import cluster, spatial

from ..folds.subject_table import feature_names
from ..statistics.ranks import average_ranks
from .partial_likelihood import PartialLikelihood
from .steps import Step


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


class UnivariateSelection(Step):
    """Keep the features most strongly related to the outcome, one by one.

    Binary outcomes rank features by ``|AUC - 0.5|``, survival by the score test
    of a Cox model with this feature alone. Ties keep the earlier column.
    Other columns are kept.

    Parameters
    ----------
    max_features : int
        Number of features to keep.
    """

    def __init__(self, max_features: int) -> None:
        self.max_features = max_features

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> "UnivariateSelection":
        features = feature_names(X.columns)
        strength = univariate_strength(X[features].to_numpy(), y)
        chosen = strongest(strength, self.max_features)
        self.selected_ = [features[i] for i in np.flatnonzero(chosen)]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        left_out = set(feature_names(X.columns)).difference(self.selected_)
        return X.loc[:, [name not in left_out for name in X.columns]]


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


def strongest(strength: np.ndarray, n_most: int) -> np.ndarray:
    """Columns of the largest known strength, bool (p,); ties keep the first."""
    best = np.argsort(-strength, kind="stable")[:n_most]
    chosen = np.zeros(len(strength), dtype=bool)
    chosen[best[np.isfinite(strength[best])]] = True
    return chosen


def univariate_strength(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Strength of each column alone, shape (p,); larger is stronger."""
    if y.dtype.names:
        return PartialLikelihood(y["event"], y["time_days"]).score_statistics(values)
    event = np.asarray(y) == 1
    n_events, n_others = event.sum(), (~event).sum()
    if not n_events or not n_others or not values.shape[1]:
        return np.full(values.shape[1], np.nan)
    ranks = average_ranks(values)
    wins = ranks[event].sum(axis=0) - n_events * (n_events + 1) / 2
    return np.asarray(np.abs(wins / (n_events * n_others) - 0.5))
