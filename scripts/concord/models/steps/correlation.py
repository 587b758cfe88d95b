"""Filter of correlated features, which no outcome decides about."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import cluster, spatial

from ...errors import FitError
from ...folds.subject_table import feature_names
from ...statistics.ranks import average_ranks
from .base import Stable, Step


class CorrelationFilter(Step):
    """Keep one feature of each group of correlated features.

    Groups are average-linkage clusters of ``1 - |Spearman correlation|``, cut
    at ``1 - limit``. The outcome plays no part in which feature is kept.

    Parameters
    ----------
    limit : float
        Absolute rank correlation, in (0, 1]; 1 keeps all but exact copies.
    representative : {"central", "icc"}
        Kept is the feature with the largest mean absolute correlation with its
        cluster, or the one with the highest ICC in the development subjects (the
        lowest of all axes); of a cluster without any ICC, the former.
    measurements : Stable, optional
        Repeated measurements, for the ICC.

    Attributes
    ----------
    dropped_ : list of str
    n_judged_ : int
        Features with an ICC; only if that decides.
    """

    ONLY_TO_FIT = frozenset({"measurements"})

    def __init__(
        self,
        limit: float,
        representative: str = "central",
        measurements: Stable | None = None,
    ) -> None:
        self.limit = limit
        self.representative = representative
        self.measurements = measurements

    def fit(self, X: pd.DataFrame, y: Any = None) -> "CorrelationFilter":
        features = feature_names(X.columns)
        correlation = absolute_spearman(X[features].to_numpy())
        merit = None
        if self.representative == "icc":
            merit = self._reliabilities(features, frozenset(X.index))
            self.n_judged_ = int(np.isfinite(merit).sum())
        kept = representatives(correlation, self.limit, merit)
        self.dropped_ = [n for i, n in enumerate(features) if i not in kept]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.drop(columns=self.dropped_)

    def _reliabilities(
        self, features: list[str], subjects: frozenset[str]
    ) -> np.ndarray:
        """ICC of each feature, shape (p,); NaN without one."""
        if self.measurements is None:
            raise FitError("representative icc needs repeated measurements.")
        known = self.measurements.reliabilities(subjects)
        return np.array([known.get(name, np.nan) for name in features], dtype=float)


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


def representatives(
    correlation: np.ndarray, limit: float, merit: np.ndarray | None = None
) -> set[int]:
    """One column of each cluster of correlated columns; ties keep the first.

    Parameters
    ----------
    correlation : ndarray of float, shape (p, p)
        Absolute.
    limit : float
        Average correlation at which clusters are cut.
    merit : ndarray of float, shape (p,), optional
        The column of the largest one is kept; NaN is the least. Without it, or where
        none of a cluster is known, the most correlated column is kept.
    """
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
        value = correlation[np.ix_(members, members)].sum(axis=1)
        if merit is not None and np.isfinite(merit[members]).any():
            value = np.where(np.isfinite(merit[members]), merit[members], -np.inf)
        kept.add(int(members[np.argmax(np.round(value, 9))]))
    return kept
