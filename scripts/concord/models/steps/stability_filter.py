"""Filter by stability in the development subjects."""

from typing import Any

import pandas as pd

from ...errors import FitError
from ...folds.subject_table import feature_names
from .base import Stable, Step, require_features


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
        require_features(
            len(features) - len(self.dropped_),
            f"none of {len(features)} features is stable in the development subjects. "
            "Lower stability.threshold, add repeated measurements or switch the "
            "arm's stability_filter off.",
        )
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.drop(columns=self.dropped_)
