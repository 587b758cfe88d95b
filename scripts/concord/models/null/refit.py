"""Many fits of the steps that see the outcome, to the same rows."""

import numpy as np
import pandas as pd

from ...folds.subject_table import feature_names
from ..chain import Pipeline
from ..steps.univariate import strongest, univariate_strength


class Refit:
    """Selection and model on arrays; scores equal those of the pipeline bit for bit.

    Parameters
    ----------
    supervised : Pipeline
        Selection and model, see `pipeline.outcome_blind_and_supervised`.
    development, evaluation : DataFrame
        Rows after all other steps.
    """

    def __init__(
        self, supervised: Pipeline, development: pd.DataFrame, evaluation: pd.DataFrame
    ) -> None:
        (_, selection), (_, model) = supervised.steps
        self._n_most = selection.max_features
        self._model = type(model), model.get_params()
        features = feature_names(development.columns)
        self._is_feature = np.isin(development.columns, features)
        self._names = np.array([str(name) for name in development.columns])
        # The layout in memory decides how sums are rounded: that of the pipeline.
        self._features = development[features].to_numpy()
        self._development = development.to_numpy(dtype=float)
        self._evaluation = evaluation[development.columns].to_numpy(dtype=float)

    def scores_and_cut(self, y: np.ndarray) -> tuple[np.ndarray, float]:
        """Scores of the evaluation rows, and the median of those of development.

        After a fit to outcomes of development (n,); FitError if there is no fit. Above
        the median, risk is high.
        """
        kept = ~self._is_feature
        strength = univariate_strength(self._features, y)
        kept[self._is_feature] = strongest(strength, self._n_most)
        kind, options = self._model
        model = kind(**options)
        known = self._development[:, kept]
        model.fit_values(self._names[kept], known, y)
        cut = float(np.median(model.scores_of(known)))
        return np.asarray(model.scores_of(self._evaluation[:, kept])), cut
