"""Filter of features that many development subjects lack."""

from typing import Any

import numpy as np
import pandas as pd

from ...folds.subject_table import feature_names
from .base import Step, matrix, require_features


class MissingShareFilter(Step):
    """Drop features that are missing in more than a share of the development rows.

    Parameters
    ----------
    above : float
        Share of the rows, in [0, 1].
    """

    def __init__(self, above: float) -> None:
        self.above = above

    def fit(self, X: pd.DataFrame, y: Any = None) -> "MissingShareFilter":
        features = feature_names(X.columns)
        missing = ~np.isfinite(matrix(X[features]))
        # 0.29 of 100 rows is 29, not a bit less.
        too_many = missing.sum(axis=0) > round(self.above * len(X), 9)
        self.dropped_ = [n for n, drop in zip(features, too_many, strict=True) if drop]
        require_features(
            len(features) - len(self.dropped_) or not features,
            f"each of {len(features)} features is missing in more than "
            f"{100 * self.above:g} % of the development subjects. Raise the arm's "
            "drop_missing_above.",
        )
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.drop(columns=self.dropped_)
