"""Kinds of models: the estimator that predicts a kind of outcome."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .penalized import RidgeCox, RidgeLogistic


@dataclass(frozen=True)
class ModelKind:
    """Estimator of a kind of outcome."""

    estimator: type[RidgeLogistic] | type[RidgeCox]
    label: str  # in text
    gives_probabilities: bool

    def probabilities(self, pipeline: Pipeline, rows: pd.DataFrame) -> np.ndarray:
        """Probability of the event per row, shape (n,); NaN if the kind has none."""
        if not (self.gives_probabilities and len(rows)):
            return np.full(len(rows), np.nan)
        return pipeline.predict_proba(rows)[:, 1]


#: Model of each kind of outcome, by its name.
MODEL_KINDS = {
    "binary": ModelKind(RidgeLogistic, "logistic regression", True),
    "survival": ModelKind(RidgeCox, "Cox proportional hazards regression", False),
}
#: Estimators by the names that documents hold.
ESTIMATORS = {kind.estimator.__name__: kind.estimator for kind in MODEL_KINDS.values()}
