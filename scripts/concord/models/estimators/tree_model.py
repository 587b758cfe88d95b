"""Base of models of trees: what pipelines, documents and nulls ask of a model."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from ...errors import FitError
from ...statistics import targets
from .named_columns import LogOdds, require_both_outcomes
from .trees import Trees

#: Number that sets the random numbers of trees apart from others of the study.
_PURPOSE = 1


class TreeModel(LogOdds):
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

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Self:
        """Grow the trees; FitError unless both outcomes are there."""
        weight = targets.weight(y)
        counts = slice(None) if weight is None else weight > 0
        event, values = targets.event(y)[counts], np.ascontiguousarray(values[counts])
        require_both_outcomes(event)
        if not len(names):
            raise FitError(
                "no predictor is left to grow trees on. Use another arm, or filters "
                "that keep some."
            )
        self.feature_names_in_ = names
        self._grow(values, event, None if weight is None else weight[counts])
        return self

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
