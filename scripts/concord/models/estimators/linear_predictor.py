"""A published score, given by its weights: it is validated and never refitted."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from ...errors import FitError
from ...folds.subject_table import COVARIATE
from .named_columns import LinearScore


def column_of(name: str, columns: Any) -> str | None:
    """Column of a covariate, a level of one, or a feature; None if there is none."""
    known = set(map(str, columns))
    return next((c for c in (name, f"{COVARIATE}{name}") if c in known), None)


class LinearPredictor(LinearScore):
    """Sum of weighted columns in their own units; `fit` learns nothing.

    Parameters
    ----------
    weights : mapping of str to float
        Weight per unit of a covariate, of a level of one (``stage=III``) or of a
        feature.
    intercept : float, optional
        Log odds of a row whose columns are at their means. Without it the score of a
        binary outcome stands for no probability.
    means : mapping of str to float, optional
        What is taken from a column before it is weighted; 0 where none is given.

    Attributes
    ----------
    coef_ : ndarray of float, shape (p,)
        Weight of each column.
    intercept_ : float
        Score of a row of zeros.
    kkt_residual_ : float
        NaN: nothing is optimized.
    """

    unpenalized: ClassVar[tuple[str, ...]] = ()
    kkt_residual_: ClassVar[float] = float("nan")
    rescue_: ClassVar[str] = ""

    def __init__(
        self,
        weights: Mapping[str, float],
        intercept: float | None = None,
        means: Mapping[str, float] | None = None,
    ) -> None:
        self.weights = weights
        self.intercept = intercept
        self.means = means

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Self:
        """Place the weights on the columns; FitError for one without its column.

        Neither `values` nor `y` are looked at.
        """
        self.feature_names_in_ = names
        self.coef_ = np.zeros(len(names))
        means = np.zeros(len(names))
        places = {str(name): place for place, name in enumerate(names)}
        for name, weight in self.weights.items():
            column = column_of(name, names)
            if column is None:
                raise FitError(
                    f"model.weights names {name!r}, of which the development rows have "
                    "no column. A published score needs all of its columns."
                )
            self.coef_[places[column]] = weight
            means[places[column]] = (self.means or {}).get(name, 0.0)
        self.intercept_ = float((self.intercept or 0.0) - (self.coef_ * means).sum())
        return self

    def estimates(self) -> dict[str, Any]:
        """Parameters and the columns, as values for JSON."""
        return {
            "kind": type(self).__name__,
            "parameters": {
                "weights": dict(self.weights),
                "intercept": self.intercept,
                "means": dict(self.means or {}),
            },
            "terms": self.feature_names_in_.tolist(),
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The score that gave these estimates; its scores are bit-equal."""
        terms = np.array(found["terms"], dtype=str)
        nothing = np.zeros((0, len(terms)))
        return cls(**found["parameters"]).fit_values(terms, nothing, np.zeros(0))
