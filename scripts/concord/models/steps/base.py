"""Base of the steps before the model, which their estimates can rebuild."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ...errors import FitError


class Stable(Protocol):
    """Whoever knows which features are repeatable in a set of subjects."""

    def stable_names(self, subjects: frozenset[str]) -> frozenset[str]:
        """Full names of the stable features, judged by these subjects alone."""
        ...

    def reliabilities(self, subjects: frozenset[str]) -> Mapping[str, float]:
        """ICC by full name of a feature, of these subjects; NaN if it has none."""
        ...


class Step(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer of predictor tables, which its estimates can rebuild."""

    #: Parameters that only `fit` needs; they are not part of the estimates.
    ONLY_TO_FIT: ClassVar[frozenset[str]] = frozenset()
    #: True if `fit` looks at the outcome.
    SEES_OUTCOME: ClassVar[bool] = False

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        options = self.get_params(deep=False)
        estimated = {
            name.rstrip("_"): _plain(value)
            for name, value in sorted(vars(self).items())
            if name.endswith("_")
        }
        kept = {k: _plain(v) for k, v in options.items() if k not in self.ONLY_TO_FIT}
        return {"kind": type(self).__name__, "parameters": kept, **estimated}

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted step that gave these estimates; `transform` is bit-equal."""
        step = cls(**found["parameters"])
        for name, value in found.items():
            if name not in ("kind", "parameters"):
                setattr(step, f"{name}_", _restored(value))
        return step


def matrix(X: pd.DataFrame) -> np.ndarray:
    """Values of a table, float (n, p), row by row in memory."""
    return np.ascontiguousarray(X.to_numpy(dtype=float))


def require_features(n_left: int, message: str) -> None:
    """Raise FitError with a message if no feature is left."""
    if not n_left:
        raise FitError(message)


def _plain(value: Any) -> Any:
    """Arrays, and lists of them, as lists; NaN as None, which JSON can hold."""
    if isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
        return [_plain(one) for one in value]
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind != "f" or np.isfinite(value).all():
        return value.tolist()
    return [v if np.isfinite(v) else None for v in value.tolist()]


def _restored(value: Any) -> Any:
    """Lists of numbers, and lists of such lists, as the arrays that they were."""
    if not isinstance(value, list) or not value:
        return value
    if all(isinstance(v, float) or v is None for v in value):
        return np.asarray(value, dtype=float)
    if all(isinstance(v, list) for v in value):
        return [np.asarray(v, dtype=float) for v in value]
    return value
