"""Centring and scaling by development rows."""

from typing import Any

import numpy as np
import pandas as pd

from ...statistics.constants import exceeds_rounding, varies
from .base import Step, matrix

#: Interquartile range of a normal distribution of SD 1.
_NORMAL_RANGE = 1.3489795003921634


class Standardizer(Step):
    """Centre and scale by development mean and SD; group indicators stay 0/1.

    A column that differs by rounding alone is centred only. Gaps stay gaps.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "Standardizer":
        values = matrix(X)
        gaps = np.isnan(values).any()
        mean, sd = (np.nanmean, np.nanstd) if gaps else (np.mean, np.std)
        indicator = np.array([str(n).startswith("group=") for n in X.columns], bool)
        self.mean_ = np.where(indicator, 0.0, mean(values, axis=0))
        spread = np.where(varies(values), sd(values, axis=0), 1.0)
        self.sd_ = np.where(indicator, 1.0, spread)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        values = (matrix(X) - self.mean_) / self.sd_
        return pd.DataFrame(values, index=X.index, columns=X.columns)


class RobustScaler(Standardizer):
    """Centre by the development median, scale by the interquartile range.

    The range is divided by 1.349, so that a normal feature is scaled as by its SD and
    a penalty keeps its meaning. Where it is 0, as of an indicator, mean and SD take
    its place. Group indicators stay 0/1.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> "RobustScaler":
        super().fit(X, y)
        values = matrix(X)
        low, middle, high = (
            np.nanquantile(values, (0.25, 0.5, 0.75), axis=0)
            if len(values)
            else np.full((3, values.shape[1]), np.nan)
        )
        spread = (high - low) / _NORMAL_RANGE
        two_valued = np.array([_n_values(column) < 3 for column in values.T], bool)
        robust = ~two_valued & (
            exceeds_rounding(spread, np.maximum(np.abs(low), np.abs(high)))
        )
        self.mean_ = np.where(robust, middle, self.mean_)
        self.sd_ = np.where(robust, spread, self.sd_)
        return self


#: Step of each way to scale, by its name in the configuration.
SCALERS: dict[str, type[Step]] = {"standardize": Standardizer, "robust": RobustScaler}


def _n_values(column: np.ndarray) -> int:
    return len(np.unique(column[np.isfinite(column)]))
