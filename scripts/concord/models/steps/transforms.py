"""Transforms of single features: logarithm, and normal scores of ranks."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ...folds.subject_table import feature_names
from ...statistics.constants import varies
from ...statistics.ranks import mean_ranks
from .base import Step, matrix

#: Normal scores that are kept of each feature; others are interpolated.
_MOST_KNOTS = 51


class LogTransform(Step):
    """Logarithm of features that are positive in development, signed of all others.

    A positive feature becomes log x; values below half the smallest one of development
    are taken as that half, so that a zero has a logarithm. Any other becomes
    ``sign(x) * log(1 + |x| / s)``, where `s` is the median of its values other than 0,
    without signs. A change of its unit moves the former and leaves the latter as it
    is. Constant features become 0; unknown values stay unknown.

    Attributes
    ----------
    features_ : list of str
    floor_ : ndarray of float, shape (features,)
        Half the smallest value of a positive feature; NaN for others.
    scale_ : ndarray of float, shape (features,)
        `s`; NaN for positive features. Both are NaN for constant ones.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "LogTransform":
        self.features_ = feature_names(X.columns)
        values = _known(X[self.features_])
        changing = varies(values)
        self.floor_ = np.full(values.shape[1], np.nan)
        self.scale_ = self.floor_.copy()
        for place in np.flatnonzero(changing):
            known = values[np.isfinite(values[:, place]), place]
            if known.min() > 0:
                self.floor_[place] = known.min() / 2
            else:
                self.scale_[place] = np.median(np.abs(known[known != 0]))
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = _known(X[self.features_])
        positive, signed = np.isfinite(self.floor_), np.isfinite(self.scale_)
        found = np.where(np.isfinite(values), 0.0, np.nan)
        found[:, positive] = np.log(
            np.maximum(values[:, positive], self.floor_[positive])
        )
        other = values[:, signed]
        found[:, signed] = np.sign(other) * np.log1p(
            np.abs(other) / self.scale_[signed]
        )
        return _with(X, self.features_, found)


class RankNormal(Step):
    """Normal scores of the ranks that values have in development.

    Rank r of n becomes the normal quantile of ``(r - 3/8) / (n + 1/4)`` [1]_, tied
    values by their mean rank. Between the values of development scores are
    interpolated, and beyond them they stay at the ends; of more than 51 values, those
    are kept whose scores are evenly spaced. Constant features become 0.

    Attributes
    ----------
    features_ : list of str
    values_, scores_ : list of ndarray of float
        Values of development, ascending, and their scores, by feature; one value for
        a constant feature, none for one without values.

    References
    ----------
    .. [1] Blom, G. (1958). "Statistical Estimates and Transformed Beta-Variables".
           Wiley, New York.
    .. [2] Beasley, T. M., Erickson, S., Allison, D. B. (2009). "Rank-based inverse
           normal transformations are increasingly used, but are they merited?"
           Behavior Genetics, 39, 580-595. https://doi.org/10.1007/s10519-009-9281-0
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "RankNormal":
        self.features_ = feature_names(X.columns)
        values = _known(X[self.features_])
        changing = varies(values)
        self.values_, self.scores_ = [], []
        for column, changes in zip(values.T, changing, strict=True):
            known = column[np.isfinite(column)]
            knots = _knots(known) if changes else (known[:1], np.zeros(len(known[:1])))
            self.values_.append(knots[0])
            self.scores_.append(knots[1])
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        found = _known(X[self.features_])
        for place, knots in enumerate(zip(self.values_, self.scores_, strict=True)):
            if len(knots[0]):
                found[:, place] = np.interp(found[:, place], *knots)
        return _with(X, self.features_, found)


#: Step of each transform, by its name in the configuration.
TRANSFORMS: dict[str, type[Step]] = {"log": LogTransform, "rank_normal": RankNormal}


def _knots(known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values, ascending and distinct, and their normal scores."""
    distinct, first = np.unique(known, return_index=True)
    scores = special.ndtri((mean_ranks(known)[first] - 0.375) / (len(known) + 0.25))
    if len(distinct) > _MOST_KNOTS:
        even = np.linspace(scores[0], scores[-1], _MOST_KNOTS)
        right = np.searchsorted(scores, even).clip(1, len(scores) - 1)
        left_is_nearer = even - scores[right - 1] < scores[right] - even
        kept = np.unique(right - left_is_nearer)
        distinct, scores = distinct[kept], scores[kept]
    return distinct, scores


def _known(X: pd.DataFrame) -> np.ndarray:
    """Values (n, p), NaN where they are not finite."""
    values = matrix(X)
    return np.where(np.isfinite(values), values, np.nan)


def _with(X: pd.DataFrame, features: list[str], values: np.ndarray) -> pd.DataFrame:
    """X with other values of the features, in the same order of columns."""
    table = pd.DataFrame(values, index=X.index, columns=features)
    others = [name for name in X.columns if name not in set(features)]
    return pd.concat([table, X[others]], axis=1)[list(X.columns)]
