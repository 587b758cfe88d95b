"""Interface of the estimators that end the chain of steps of an arm."""

from collections.abc import Mapping
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd


class Estimator(Protocol):
    """Model of rows after all steps, which its estimates can rebuild bit for bit.

    Attributes
    ----------
    feature_names_in_ : ndarray of str, shape (p,)
        Columns that it was fitted to.
    coef_ : ndarray of float, shape (p,), or None
        Coefficient of each column; None if the kind has none.
    kkt_residual_ : float
        Largest violated condition of the optimum; NaN if the kind has none.
    rescue_ : str
        What was done because the fit failed as asked; empty if nothing.
    """

    feature_names_in_: np.ndarray
    coef_: np.ndarray | None
    kkt_residual_: float
    rescue_: str

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Any:
        """Fit to rows X, columns by name, with outcomes y (n,)."""
        ...

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Any:
        """As `fit`, of named columns (p,) with values (n, p)."""
        ...

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Score of each row, shape (n,); larger means the event is likelier."""
        ...

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Score of each row of values (n, p), columns as fitted."""
        ...

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        ...

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted model that gave these estimates."""
        ...
