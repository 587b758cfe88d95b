"""Transforms of single predictors as a publication states them; nothing is learnt."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .base import Step, matrix
from .published_functions import apply


class PublishedTransform(Step):
    """Replace columns by a function of them, as ``f(x + shift)``.

    A value outside the domain of the function, such as the logarithm of 0, becomes
    NaN, so that the subject has no score and the reason is told.

    Parameters
    ----------
    transforms : mapping of str to str
        Name of the function by column; other columns stay.
    shifts : mapping of str to float
        Added to a column before, in its own unit; 0 where none is given.
    """

    def __init__(
        self,
        transforms: Mapping[str, str],
        shifts: Mapping[str, float] | None = None,
    ) -> None:
        self.transforms = transforms
        self.shifts = shifts

    def fit(self, X: pd.DataFrame, y: Any = None) -> "PublishedTransform":
        """Learn nothing."""
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = matrix(X).copy()
        for place, name in enumerate(map(str, X.columns)):
            shifted = values[:, place] + (self.shifts or {}).get(name, 0.0)
            values[:, place] = apply(self.transforms.get(name, "none"), shifted)
        return pd.DataFrame(values, index=X.index, columns=X.columns)
