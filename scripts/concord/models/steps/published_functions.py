"""Functions of one predictor that publications state, by name."""

from collections.abc import Callable
from typing import Literal

import numpy as np

TransformName = Literal[
    "none", "log", "log2", "log10", "log1p", "square_root", "square", "reciprocal"
]
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


def apply(name: str, values: np.ndarray) -> np.ndarray:
    """Function of this name of some values, NaN outside its domain."""
    with np.errstate(all="ignore"):
        found = _FUNCTIONS[name](np.asarray(values, dtype=float))
    return np.where(np.isfinite(found), found, np.nan)
