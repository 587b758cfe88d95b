"""Transforms of single predictors as a publication states them; nothing is learnt."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from .base import Step, matrix

TransformName = Literal[
    "none", "log", "log2", "log10", "log1p", "square_root", "square", "reciprocal"
]
TRANSFORM_NAMES: tuple[str, ...] = get_args(TransformName)
_FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": np.asarray,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "square_root": np.sqrt,
    "square": np.square,
    "reciprocal": np.reciprocal,
}


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


def apply(name: str, values: np.ndarray) -> np.ndarray:
    """Function of this name of some values, NaN outside its domain."""
    with np.errstate(all="ignore"):
        found = _FUNCTIONS[name](np.asarray(values, dtype=float))
    return np.where(np.isfinite(found), found, np.nan)
