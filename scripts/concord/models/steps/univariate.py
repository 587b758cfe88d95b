"""Selection of features by their own relation to the outcome."""

import numpy as np
import pandas as pd

from ...folds.subject_table import feature_names
from ...statistics import targets
from ...statistics.ranks import average_ranks
from ..estimators.partial_likelihood import PartialLikelihood
from .base import Step


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

    SEES_OUTCOME = True

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


def strongest(strength: np.ndarray, n_most: int) -> np.ndarray:
    """Columns of the largest known strength, bool (p,); ties keep the first."""
    best = np.argsort(-strength, kind="stable")[:n_most]
    chosen = np.zeros(len(strength), dtype=bool)
    chosen[best[np.isfinite(strength[best])]] = True
    return chosen


def univariate_strength(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Strength of each column alone, shape (p,); larger is stronger."""
    event, time = targets.event(y), targets.time(y)
    if time is not None:
        return PartialLikelihood(event, time).score_statistics(values)
    n_events, n_others = event.sum(), (~event).sum()
    if not n_events or not n_others or not values.shape[1]:
        return np.full(values.shape[1], np.nan)
    ranks = average_ranks(values)
    wins = ranks[event].sum(axis=0) - n_events * (n_events + 1) / 2
    return np.asarray(np.abs(wins / (n_events * n_others) - 0.5))
