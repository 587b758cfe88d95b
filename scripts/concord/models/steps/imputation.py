"""Imputation of missing values, and removal of constant columns."""

from typing import Any

import numpy as np
import pandas as pd

from ...folds.category_columns import categories, commonest_level
from ...statistics.constants import varies
from .base import Step, matrix


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
        values = matrix(X)
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
        values = matrix(X[self.kept_])
        filled = np.where(np.isfinite(values), values, self.median_)
        return pd.DataFrame(filled, index=X.index, columns=self.kept_)
