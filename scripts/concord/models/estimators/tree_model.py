"""Base of models of trees: what pipelines, documents and nulls ask of a model."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from ...errors import FitError
from ...statistics import targets
from .trees import Trees

#: Number that sets the random numbers of trees apart from others of the study.
_PURPOSE = 1


class TreeModel(BaseEstimator):  # type: ignore[misc]
    """Common base of forest and boosting, for binary outcomes.

    The fitted object of scikit-learn is dropped as soon as it has grown its trees: the
    scores of development, too, are those of the arrays that the document holds.

    Attributes
    ----------
    trees_ : Trees
    coef_ : None
        Trees have no coefficients.
    kkt_residual_ : float
        NaN: nothing is optimized.
    rescue_ : str
        Empty.
    """

    unpenalized: ClassVar[Sequence[str]] = ()
    coef_: ClassVar[None] = None
    kkt_residual_: ClassVar[float] = float("nan")
    rescue_: ClassVar[str] = ""

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Self:
        """Grow the trees; FitError unless both outcomes are there."""
        names = np.array([str(name) for name in X.columns])
        return self.fit_values(names, X.to_numpy(dtype=float), y)

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Self:
        """As `fit`, of named columns (p,) with values (n, p)."""
        from threadpoolctl import threadpool_limits

        event = targets.event(y)
        n_events = int(event.sum())
        if not 0 < n_events < len(event):
            raise FitError(
                f"the development rows hold {n_events} events in {len(event)} "
                "subjects; both outcomes are needed. Use fewer folds."
            )
        if not len(names):
            raise FitError(
                "no predictor is left to grow trees on. Use another arm, or filters "
                "that keep some."
            )
        self.feature_names_in_ = names
        with threadpool_limits(1):
            self._grow(np.ascontiguousarray(values), event, targets.weight(y))
        return self

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Log odds of each row; larger means the event is likelier."""
        names = list(self.feature_names_in_)
        rows = X if list(X.columns) == names else X[names]
        return self.scores_of(rows.to_numpy(dtype=float))

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Log odds of each row of values (n, p), columns as fitted."""
        raise NotImplementedError

    def used_terms(self) -> np.ndarray:
        """Names of the columns that some tree compares."""
        return np.asarray(self.feature_names_in_[self.trees_.features()])

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        return {
            "kind": type(self).__name__,
            "parameters": self.get_params(deep=False),
            "terms": self.feature_names_in_.tolist(),
            "nodes": self.trees_.estimates(),
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted model that gave these estimates; its scores are bit-equal."""
        model = cls(**found["parameters"])
        model.feature_names_in_ = np.array(found["terms"], dtype=str)
        model.trees_ = Trees.from_estimates(found["nodes"])
        return model

    def _grow(self, X: np.ndarray, event: np.ndarray, weight: Any) -> None:
        """Learn `trees_` from rows (n, p) and outcomes (n,) of 0 and 1."""
        raise NotImplementedError

    def _random_state(self) -> int:
        """Start of scikit-learn's random numbers, for this model of this study."""
        drawn = np.random.default_rng([self.seed, _PURPOSE]).integers(2**31 - 1)
        return int(drawn)
