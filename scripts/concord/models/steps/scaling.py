"""Centring and scaling by development rows."""

from typing import Any

import numpy as np
import pandas as pd

from ...statistics.constants import varies
from .base import Step, matrix


class Standardizer(Step):
    """Centre and scale by development mean and SD; group indicators stay 0/1.

    A column that differs by rounding alone is centred only.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Standardizer":
        values = matrix(X)
        indicator = np.array([str(n).startswith("group=") for n in X.columns], bool)
        self.mean_ = np.where(indicator, 0.0, values.mean(axis=0))
        spread = np.where(varies(values), values.std(axis=0), 1.0)
        self.sd_ = np.where(indicator, 1.0, spread)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = (matrix(X) - self.mean_) / self.sd_
        return pd.DataFrame(values, index=X.index, columns=X.columns)
