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
    if targets.time(y) is not None:
        return PartialLikelihood.of(y).score_statistics(values)
    event = targets.event(y)
    weight = targets.weight(y)
    if weight is not None:
        return _weighted_strength(values, event, weight)
    n_events, n_others = event.sum(), (~event).sum()
    if not n_events or not n_others or not values.shape[1]:
        return np.full(values.shape[1], np.nan)
    ranks = average_ranks(values)
    wins = ranks[event].sum(axis=0) - n_events * (n_events + 1) / 2
    return np.asarray(np.abs(wins / (n_events * n_others) - 0.5))


def _weighted_strength(
    values: np.ndarray, event: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """|AUC - 0.5| of each column (n, p), a pair counting by both its weights."""
    cases, controls = weight * event, weight * ~event
    pairs = cases.sum() * controls.sum()
    found = np.full(values.shape[1], np.nan)
    for place, column in enumerate(values.T if pairs else ()):
        levels, of_row = np.unique(column, return_inverse=True)
        below = np.bincount(of_row, controls, len(levels))
        lost = np.cumsum(below) - below / 2  # ties are half won
        found[place] = abs(cases @ lost[of_row] / pairs - 0.5)
    return found
