"""Numbers that a model can take: features, covariates and indicators of groups."""

from typing import Any

import pandas as pd

from ...folds.subject_table import feature_names
from .base import Step


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
