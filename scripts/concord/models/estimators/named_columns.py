"""Base of models that take a table by the names of its columns, or its values."""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from ...errors import FitError
from .penalized import probability


class NamedColumns(BaseEstimator):  # type: ignore[misc]
    """Model that is fitted to, and scores, values (n, p) whose columns have names.

    Attributes
    ----------
    feature_names_in_ : ndarray of str, shape (p,)
        Columns that it was fitted to.
    """

    feature_names_in_: np.ndarray

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Self:
        """Fit to rows X with outcomes y (n,), see `targets`."""
        names = np.array([str(name) for name in X.columns])
        return self.fit_values(names, X.to_numpy(dtype=float), y)

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Self:
        """As `fit`, of named columns (p,) with values (n, p)."""
        raise NotImplementedError

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Score of each row, shape (n,); larger means the event is likelier."""
        names = list(self.feature_names_in_)
        rows = X if list(X.columns) == names else X[names]
        return self.scores_of(rows.to_numpy(dtype=float))

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Score of each row of values (n, p), columns as fitted."""
        raise NotImplementedError


class LogOdds(NamedColumns):
    """Model whose score is the log odds of an event."""

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of no event and event, shape (n, 2)."""
        event = probability(self.decision_function(X))
        return np.column_stack([1.0 - event, event])


class LinearScore(NamedColumns):
    """Model whose score is an intercept and a sum of weighted columns.

    Attributes
    ----------
    coef_ : ndarray of float, shape (p,)
        Weight of each column.
    intercept_ : float
        Score of a row of zeros.
    """

    coef_: np.ndarray
    intercept_: float = 0.0

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Linear predictor of each row of values (n, p), columns as fitted."""
        values = np.ascontiguousarray(values)
        return np.asarray((values * self.coef_).sum(axis=1) + self.intercept_)


def require_both_outcomes(event: np.ndarray) -> None:
    """Raise FitError unless some subjects (n,) have the event and some have not."""
    n_events = int(event.sum())
    if not 0 < n_events < len(event):
        raise FitError(
            f"the development rows hold {n_events} events in {len(event)} subjects; "
            "both outcomes are needed. Use fewer folds."
        )
