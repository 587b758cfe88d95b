"""Imputation of missing values, and removal of constant columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...errors import FitError
from ...folds.category_columns import categories, commonest_level
from ...folds.subject_table import COVARIATE
from ...statistics.constants import varies
from .base import Step, matrix

#: What follows the name of a predictor in that of the column that tells of its gaps.
MISSING = "=(missing)"


class MedianImputer(Step):
    """Fill missing values as development suggests; drop constant columns.

    A number takes the median; a category, whose 0/1 columns are filled together, its
    commonest level. Columns that differ by rounding alone are constant.

    Parameters
    ----------
    indicators : bool
        Add a 0/1 column for every predictor that development lacks somewhere, which
        tells where it was missing; one for a whole category.
    leave : sequence of str
        Columns whose gaps stay, since a later step fills them.

    Attributes
    ----------
    kept_, dropped_ : list of str
        Names of the columns.
    median_ : ndarray of float, shape (kept,)
        What a missing value of each column becomes.
    gaps_ : list of str
        Columns whose gaps have a column that tells of them.
    """

    def __init__(self, indicators: bool = False, leave: Sequence[str] = ()) -> None:
        self.indicators = indicators
        self.leave = leave

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
        self.median_ = np.where(X.columns.isin(list(self.leave)), np.nan, middle)[kept]
        self.gaps_ = self._gaps(values[:, kept]) if self.indicators else []
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = matrix(X[self.kept_])
        filled = np.where(np.isfinite(values), values, self.median_)
        table = pd.DataFrame(filled, index=X.index, columns=self.kept_)
        if not self.gaps_:
            return table
        told = ~np.isfinite(matrix(X[self.gaps_]))
        names = [missing_name(name) for name in self.gaps_]
        return pd.concat(
            [table, pd.DataFrame(told.astype(float), X.index, names)], axis=1
        )

    def _gaps(self, values: np.ndarray) -> list[str]:
        """Columns with gaps in development; of a category, its first."""
        incomplete = ~np.isfinite(values).all(axis=0)
        found = [n for n, gap in zip(self.kept_, incomplete, strict=True) if gap]
        told = {missing_name(name): name for name in reversed(found)}
        clash = sorted(set(told) & set(self.kept_))
        if clash:
            raise FitError(f"there is a predictor {clash[0]!r} already; rename it.")
        return [name for name in found if told[missing_name(name)] == name]


def missing_name(column: str) -> str:
    """Name of the column that tells where a predictor was missing."""
    whole = column.partition("=")[0] if column.startswith(COVARIATE) else column
    return f"{whole}{MISSING}"
