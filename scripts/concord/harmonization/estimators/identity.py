"""No harmonization, with the same manners as a harmonizer."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from .base import Harmonizer


class Passthrough(Harmonizer):
    """Leave every row as it is.

    Parameters
    ----------
    batch : str or None, default=None
        Not used; other harmonizers have it.
    columns : sequence of str or None, default=None
        Features; None takes all float columns.
    """

    kind = "none"

    def __init__(
        self, batch: str | None = None, *, columns: Sequence[str] | None = None
    ) -> None:
        self.batch = batch
        self.columns = columns

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the names of the columns."""
        self._remember(X, [self.batch] if self.batch is not None else [])
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """X itself, copied."""
        return X.copy()

    def unseen_rows(self, X: pd.DataFrame) -> np.ndarray:
        """No row: nothing depends on the batch."""
        return np.zeros(len(X), dtype=bool)

    def adapt(self, X: pd.DataFrame) -> Self:
        """A copy; there is nothing to adapt."""
        return self._copied()

    def fitted_values(self) -> dict[str, Any]:
        """Names of the columns."""
        return {"features": self.columns_, "columns": list(self.feature_names_in_)}

    def restore(self, found: Mapping[str, Any]) -> None:
        """Take over the names of the columns."""
        self.columns_ = list(found["features"])
        self.feature_names_in_ = np.asarray(found["columns"], dtype=object)
