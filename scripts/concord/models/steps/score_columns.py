"""Columns of a published score, in their own units, without a gap."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...errors import FitError
from ...folds.category_columns import categories, commonest_level
from ..estimators.linear_predictor import column_of
from .base import Step, matrix


class ScoreColumns(Step):
    """Keep the columns that a score weighs, constant or not, and fill what is missing.

    A missing number takes the median of development, a category its commonest level, as
    for every other model. Of a column that nobody in development has, it takes the mean
    that was published with the score.

    Parameters
    ----------
    names : sequence of str
        Covariates, levels of covariates (``stage=III``) and features of the score.
    means : mapping of str to float, optional
        Published means of some of them.

    Attributes
    ----------
    kept_ : list of str
        The columns.
    filling_ : ndarray of float, shape (kept,)
        What a missing value of each column becomes.
    """

    def __init__(
        self, names: Sequence[str], means: Mapping[str, float] | None = None
    ) -> None:
        self.names = names
        self.means = means

    def fit(self, X: pd.DataFrame, y: Any = None) -> "ScoreColumns":
        wanted = {name: column_of(name, X.columns) for name in self.names}
        lacking = [name for name, column in wanted.items() if column is None]
        if lacking:
            raise FitError(
                f"model.weights names {lacking}, of which the development rows have no "
                "column. A published score needs all of its columns."
            )
        columns = set(wanted.values())
        self.kept_ = [str(name) for name in X.columns if name in columns]
        self.filling_ = self._filling(matrix(X[self.kept_]), wanted)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = matrix(X[self.kept_])
        filled = np.where(np.isfinite(values), values, self.filling_)
        return pd.DataFrame(filled, index=X.index, columns=self.kept_)

    def _filling(
        self, values: np.ndarray, wanted: Mapping[str, str | None]
    ) -> np.ndarray:
        known = np.isfinite(values).any(axis=0)
        filling = np.full(values.shape[1], np.nan)
        filling[known] = np.nanmedian(values[:, known], axis=0)
        for category in categories(self.kept_):
            if known[category].all():
                filling[category] = commonest_level(values[:, category])
        published = {wanted[name]: mean for name, mean in (self.means or {}).items()}
        for place in np.flatnonzero(~known):
            name = self.kept_[place]
            if name not in published:
                raise FitError(
                    f"nobody in development has a value of {name}, which the score "
                    "weighs. Give its published mean in model.means."
                )
            filling[place] = published[name]
        return filling
