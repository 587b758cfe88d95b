"""Base of all harmonizers: rows, unseen batches, estimates as JSON."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ...batch_labels import matched
from ...errors import ConfigError, FitError
from .layout import blocks

#: Batch of a row whose label is missing; it never has estimates.
MISSING = ""
#: More columns than this are joined at once, which copies the features.
_MOST_INSERTED = 50
REFUSE, PASSTHROUGH, ADAPT = "refuse", "passthrough", "adapt"


class Harmonizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer of rows that hold features, batches and kept covariates.

    Batches and covariates are columns of X, so that every tool of scikit-learn
    hands them on together with the features. `fit` learns from the rows it is
    given and from nothing else; `transform` treats each row by itself, to the
    last bit, and returns all columns of X in their order.

    Subclasses have the parameters `batch`, `columns` and `unseen`.
    """

    kind: ClassVar[str]
    columns_: list[str]

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from development rows; y is ignored."""
        raise NotImplementedError

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """X with harmonized features."""
        raise NotImplementedError

    def unseen_rows(self, X: pd.DataFrame) -> np.ndarray:
        """Rows (n,) with features whose batch has no estimates, as bool."""
        raise NotImplementedError

    def adapt(self, X: pd.DataFrame) -> Self:
        """A copy that also knows the unseen batches of these rows."""
        raise NotImplementedError

    def fitted_values(self) -> dict[str, Any]:
        """Estimates of `fit`, as values that JSON can hold."""
        raise NotImplementedError

    def restore(self, found: Mapping[str, Any]) -> None:
        """Take over what `fitted_values` of another harmonizer gave."""
        raise NotImplementedError

    def estimates(self) -> dict[str, Any]:
        """Everything needed to harmonize a row, as values that JSON can hold."""
        check_is_fitted(self)
        return {
            "kind": self.kind,
            "parameters": self.parameters(),
            **self.fitted_values(),
        }

    def parameters(self) -> dict[str, Any]:
        """The parameters of the constructor, as values that JSON can hold."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.get_params(deep=False).items()
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted harmonizer that gave these estimates, bit for bit."""
        harmonizer = cls(**found["parameters"])
        harmonizer.restore(found)
        return harmonizer

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns that `transform` returns: those it was fitted on."""
        check_is_fitted(self)
        return np.asarray(self.feature_names_in_, dtype=object)

    def _remember(self, X: pd.DataFrame, others: Sequence[str]) -> None:
        """Names of all columns, and of those that are features."""
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        known = set(X.columns)
        self.columns_ = (
            # Steps before may have dropped some of them.
            [name for name in self.columns if name in known]
            if self.columns is not None
            else [
                name
                for name in X.columns
                if name not in others and pd.api.types.is_float_dtype(X[name])
            ]
        )
        if not self.columns_:
            raise FitError(
                "harmonization found no features: no column of numbers besides "
                f"{list(others)}, or a step before dropped all of an image. Give "
                "`columns`, or raise the arm's drop_missing_above."
            )

    def _copied(self) -> Self:
        """A copy whose learnt attributes can be replaced without touching this one."""
        return copy.copy(self)


def require_choice(name: str, value: Any, allowed: Sequence[Any]) -> None:
    """Raise ConfigError unless a setting has one of the allowed values."""
    if not any(value is known or value == known for known in allowed):
        raise ConfigError(
            f"harmonization.{name} is {value!r}, expected one of {list(allowed)}."
        )


def require_columns(X: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise FitError that names the columns which X lacks."""
    known = set(X.columns)
    missing = [name for name in columns if name not in known]
    if missing:
        raise FitError(
            f"harmonization needs the columns {missing[:5]}, which the rows lack."
        )


def numbers(X: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Columns as float, shape (n, columns); neighbours in X are not copied."""
    where = X.columns.get_indexer(pd.Index(columns))
    require_columns(X, columns)
    if len(where) and (np.diff(where) == 1).all():
        return X.iloc[:, where[0] : where[-1] + 1].to_numpy(dtype=float)
    return X.iloc[:, where].to_numpy(dtype=float)


def filled(values: np.ndarray) -> np.ndarray:
    """Rows (n,) with at least one finite value, as bool."""
    found = np.zeros(len(values), dtype=bool)
    for features in blocks(values.shape):
        found |= np.isfinite(values[:, features]).any(axis=1)
    return found


def labels(X: pd.DataFrame, batch: str, known: Sequence[str] = ()) -> np.ndarray:
    """Batch of each row as text; `MISSING` without a label.

    A spelling of a known batch is that batch, see `batch_labels.matched`; of others,
    the first spelling in sorted order is the batch.
    """
    require_columns(X, [batch])
    column = X[batch]
    text = np.array([str(value).strip() for value in column], dtype=str)
    text = np.where(column.isna().to_numpy(dtype=bool), MISSING, text)
    names, of_row = np.unique(text, return_inverse=True)
    batches = list(known)
    for name in names.tolist():
        if name not in (MISSING, *batches) and matched(name, batches) == name:
            batches.append(name)
    spelt = [n if n == MISSING else matched(n, batches) for n in names.tolist()]
    return np.array(spelt, dtype=str)[of_row] if len(names) else text


def check_unseen(
    batch: str, unseen: np.ndarray, known: Sequence[str], rule: str
) -> None:
    """Raise FitError that names the unseen batches, unless they may pass."""
    if rule == PASSTHROUGH or not len(unseen):
        return
    names = [name or "(no label)" for name in sorted(set(unseen.tolist()))]
    advice = (
        "adapt to some of their rows first"
        if rule == ADAPT and MISSING not in unseen
        else "choose unseen: passthrough, a coarser batch, or leave these rows out"
    )
    raise FitError(
        f"{batch}: {len(unseen)} rows belong to batches without estimates, {names}; "
        f"the development rows estimate {list(known)}. To go on, {advice}."
    )


def replaced(
    X: pd.DataFrame, columns: Sequence[str], values: np.ndarray
) -> pd.DataFrame:
    """X with other values in some columns; the values are not copied.

    Parameters
    ----------
    X : DataFrame
    columns : sequence of str
        Columns to replace.
    values : ndarray of float, shape (n, columns)
        Their new values.
    """
    place = {name: number for number, name in enumerate(columns)}
    names = [name for name in X.columns if name in place]
    if names != list(columns):
        values = values[:, [place[name] for name in names]]
    result = pd.DataFrame(values, index=X.index, columns=names, copy=False)
    others = [name for name in X.columns if name not in place]
    if len(others) > _MOST_INSERTED:
        return pd.concat([result, X[others]], axis=1)[list(X.columns)]
    for number, name in enumerate(X.columns):
        if name not in place:
            result.insert(number, name, X[name])
    return result


def to_json(values: Any) -> Any:
    """Nested lists with None for NaN, so that JSON can hold them."""
    array = np.asarray(values, dtype=float)
    if np.isfinite(array).all():
        return array.tolist()
    plain = array.astype(object)
    plain[~np.isfinite(array)] = None
    return plain.tolist()


def from_json(values: Any) -> np.ndarray:
    """The array that `to_json` was given."""
    return np.asarray(values, dtype=float)
