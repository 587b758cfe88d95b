"""Several batch variables, removed one after the other in a declared order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import clone

from .base import Harmonizer


class HarmonizerSequence(Harmonizer):
    """Remove one batch variable after the other, such as site, scanner, kernel.

    Each harmonizer learns from rows that the earlier ones have harmonized. Rows
    that an earlier one could not harmonize have no share in the later fits.

    Parameters
    ----------
    harmonizers : sequence of Harmonizer
        One per batch variable, in the order of their removal.

    Attributes
    ----------
    fitted_ : list of Harmonizer
        The same, fitted.
    """

    kind = "sequence"

    def __init__(self, harmonizers: Sequence[Harmonizer]) -> None:
        self.harmonizers = harmonizers

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Fit and apply the harmonizers in turn."""
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.fitted_: list[Harmonizer] = []
        rows = X
        for number, harmonizer in enumerate(self.harmonizers, start=1):
            fitted = clone(harmonizer).fit(rows)
            self.fitted_.append(fitted)
            if number < len(self.harmonizers):
                seen = rows[~fitted.unseen_rows(rows)]
                rows = fitted.transform(seen)
        self.columns_ = self.fitted_[0].columns_
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """X with the effects of all batch variables removed."""
        for harmonizer in self.fitted_:
            X = harmonizer.transform(X)
        return X

    def unseen_rows(self, X: pd.DataFrame) -> np.ndarray:
        """Rows that at least one of the harmonizers has no estimates for."""
        return np.asarray(np.any([one.unseen_rows(X) for one in self.fitted_], axis=0))

    def adapt(self, X: pd.DataFrame) -> Self:
        """A copy that also knows the unseen batches, each in its own variable."""
        adapted, rows, known = self._copied(), X, []
        for harmonizer in self.fitted_:
            known.append(harmonizer.adapt(rows))
            rows = known[-1].transform(rows)
        adapted.fitted_ = known
        return adapted

    def parameters(self) -> dict[str, Any]:
        """Kind and parameters of each harmonizer."""
        return {
            "harmonizers": [
                {"kind": one.kind, "parameters": one.parameters()}
                for one in self.harmonizers
            ]
        }

    def fitted_values(self) -> dict[str, Any]:
        """Estimates of each harmonizer, in order."""
        return {
            "columns": list(self.feature_names_in_),
            "steps": [one.estimates() for one in self.fitted_],
        }

    @classmethod
    def rebuilt(
        cls, found: Mapping[str, Any], build: Callable[[Mapping[str, Any]], Harmonizer]
    ) -> Self:
        """The fitted sequence; `build` makes a harmonizer from its estimates."""
        fitted = [build(step) for step in found["steps"]]
        sequence = cls([clone(one) for one in fitted])
        sequence.fitted_ = fitted
        sequence.columns_ = fitted[0].columns_
        sequence.feature_names_in_ = np.asarray(found["columns"], dtype=object)
        return sequence
