"""The chain of steps before a model, and the model, as one estimator."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.utils.metaestimators import _BaseComposition


class Pipeline(_BaseComposition):  # type: ignore[misc]
    """Steps that are fitted one after the other, as in `sklearn.pipeline.Pipeline`.

    Only what the models need of it, and what searches and resampling of scikit-learn
    need of an estimator: that module loads all of `sklearn.preprocessing`, a third of
    the imports of a job that fits models.

    Parameters
    ----------
    steps : sequence of (str, estimator)
        All but the last transform; the last may be the model. They are fitted in
        place.
    """

    def __init__(self, steps: Sequence[tuple[str, Any]]) -> None:
        self.steps = steps

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Steps by name and, if `deep`, the parameters of each, as ``step__name``."""
        return dict(self._get_params("steps", deep=deep))

    def set_params(self, **values: Any) -> Self:
        """Replace steps by name, or parameters of a step given as ``step__name``."""
        self._set_params("steps", **values)
        return self

    @property
    def named_steps(self) -> dict[str, Any]:
        """The steps by name, in order."""
        return dict(self.steps)

    def __getitem__(self, part: slice) -> "Pipeline":
        """Some of the steps, not copied."""
        return Pipeline(self.steps[part])

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Fit each step to what the steps before it make of X."""
        for _, step in self.steps[:-1]:
            X = step.fit(X, y).transform(X)
        for _, step in self.steps[-1:]:
            step.fit(X, y)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Rows after all steps."""
        for _, step in self.steps:
            X = step.transform(X)
        return X

    def fit_transform(self, X: pd.DataFrame, y: Any = None) -> pd.DataFrame:
        """Fit all steps to rows, and transform these."""
        for _, step in self.steps:
            X = step.fit(X, y).transform(X)
        return X

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Score of each row by the model, shape (n,)."""
        return np.asarray(self._model.decision_function(self[:-1].transform(X)))

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probability of no event and of the event by row, shape (n, 2)."""
        return np.asarray(self._model.predict_proba(self[:-1].transform(X)))

    @property
    def _model(self) -> Any:
        return self.steps[-1][1]
