"""Steps before the model; fitted to development rows, each with its estimates."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ..errors import FitError
from ..folds.category_columns import categories, commonest_level
from ..folds.subject_table import feature_names
from ..statistics.constants import varies


class Stable(Protocol):
    """Whoever knows which features are repeatable in a set of subjects."""

    def stable_names(self, subjects: frozenset[str]) -> frozenset[str]:
        """Full names of the stable features, judged by these subjects alone."""
        ...


class Step(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer of predictor tables, which its estimates can rebuild."""

    #: Parameters that only `fit` needs; they are not part of the estimates.
    ONLY_TO_FIT: ClassVar[frozenset[str]] = frozenset()

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


class StabilityFilter(Step):
    """Keep features that are stable in the development subjects.

    The subjects are the index of the rows given to `fit`.
    """

    ONLY_TO_FIT = frozenset({"measurements"})

    def __init__(self, measurements: Stable | None = None) -> None:
        self.measurements = measurements

    def fit(self, X: pd.DataFrame, y: Any = None) -> "StabilityFilter":
        if self.measurements is None:
            raise FitError("the stability filter needs repeated measurements.")
        stable = self.measurements.stable_names(frozenset(X.index))
        features = feature_names(X.columns)
        self.dropped_ = [name for name in features if name not in stable]
        _require_features(
            len(features) - len(self.dropped_),
            f"none of {len(features)} features is stable in the development subjects. "
            "Lower stability.threshold, add repeated measurements or switch the "
            "arm's stability_filter off.",
        )
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.drop(columns=self.dropped_)


class Indicators(Step):
    """Replace group by 0/1 columns if wanted; drop batches and other covariates.

    A group that the development rows do not hold becomes zeros.
    """

    def __init__(self, covariates: list[str], groups: bool) -> None:
        self.covariates = covariates
        self.groups = groups

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Indicators":
        self.groups_ = sorted(set(X["group"])) if self.groups else []
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        kept = X[[*feature_names(X.columns), *self.covariates]].astype(float)
        dummies = {
            f"group={name}": (X["group"] == name).astype(float) for name in self.groups_
        }
        return pd.concat([kept, pd.DataFrame(dummies, index=X.index)], axis=1)


class MedianImputer(Step):
    """Fill missing values as development suggests; drop constant columns.

    A number takes the median; a category, whose 0/1 columns are filled together, its
    commonest level. Columns that differ by rounding alone are constant.

    Attributes
    ----------
    kept_, dropped_ : list of str
        Names of the columns.
    median_ : ndarray of float, shape (kept,)
        What a missing value of each column becomes.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "MedianImputer":
        values = _matrix(X)
        known = np.isfinite(values).any(axis=0)
        middle = np.full(values.shape[1], np.nan)
        middle[known] = np.nanmedian(values[:, known], axis=0)
        for category in categories(X.columns):
            middle[category] = commonest_level(values[:, category])
        kept = known & varies(np.where(np.isfinite(values), values, middle))
        self.kept_ = [name for name, keep in zip(X.columns, kept, strict=True) if keep]
        self.dropped_ = [name for name in X.columns if name not in self.kept_]
        self.median_ = middle[kept]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = _matrix(X[self.kept_])
        filled = np.where(np.isfinite(values), values, self.median_)
        return pd.DataFrame(filled, index=X.index, columns=self.kept_)


class Standardizer(Step):
    """Centre and scale by development mean and SD; group indicators stay 0/1.

    A column that differs by rounding alone is centred only.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Standardizer":
        values = _matrix(X)
        indicator = np.array([str(n).startswith("group=") for n in X.columns], bool)
        self.mean_ = np.where(indicator, 0.0, values.mean(axis=0))
        spread = np.where(varies(values), values.std(axis=0), 1.0)
        self.sd_ = np.where(indicator, 1.0, spread)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = (_matrix(X) - self.mean_) / self.sd_
        return pd.DataFrame(values, index=X.index, columns=X.columns)


def _matrix(X: pd.DataFrame) -> np.ndarray:
    return np.ascontiguousarray(X.to_numpy(dtype=float))


def _require_features(n_left: int, message: str) -> None:
    if not n_left:
        raise FitError(message)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _restored(value: Any) -> Any:
    """Lists of numbers as the arrays that they were."""
    numbers = isinstance(value, list) and all(isinstance(v, float) for v in value)
    return np.asarray(value, dtype=float) if value and numbers else value
