"""Many fits of the steps that see the outcome, to the same rows."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from sklearn.base import clone

from ...folds.splitting import Split, SubjectRows
from ...folds.subject_table import feature_names
from ...statistics.risk_groups import cuts_of
from ..arm import ArmData, Measure
from ..chain import Pipeline
from ..fitted_steps import FittedSteps
from ..settings.specification import ModelSpecification
from ..steps.univariate import UnivariateSelection, strongest, univariate_strength
from ..tuning.blind_rows import BlindRows
from ..tuning.prepared import Prepared
from ..tuning.tuned_fit import TunedRefit


class Refitting(Protocol):
    """Rows of a fold that are scored anew for other outcomes."""

    @property
    def evaluation(self) -> pd.Index:
        """Subjects that are scored, in the order of the scores."""
        ...

    def scores_and_cuts(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores of the evaluation rows, and the cuts by those of development.

        After a fit to outcomes of development (n,); FitError if there is no fit. Cuts
        are those of the risk groups, see `statistics.risk_groups`.
        """
        ...


def refitting(
    known: ArmData,
    rows: SubjectRows,
    evaluation: pd.DataFrame,
    specification: ModelSpecification,
    measure: Measure,
    shared: FittedSteps | None = None,
) -> Refitting:
    """A fold whose steps without outcome are fitted, ready for many outcomes.

    Parameters
    ----------
    known : ArmData
        Development subjects that can be fitted.
    rows : SubjectRows
        Rows of the development set.
    evaluation : DataFrame
        Predictors of the subjects to be scored.
    specification : ModelSpecification
        The arm.
    measure : callable
        Makes the repeated measurements of some subjects.
    shared : FittedSteps, optional
        Steps of this fold that other arms have fitted already; a tuned arm has its own.
    """
    if specification.arm.tuning is not None:
        return TunedRefit(Prepared.of(known, rows, specification, measure, evaluation))
    fold = BlindRows.of(known, evaluation, specification, measure, rows.phantom, shared)
    fast = [type(step) for _, step in fold.supervised.steps[:-1]] == [
        UnivariateSelection
    ] and hasattr(fold.supervised.steps[-1][1], "largest_penalty")
    of_fold = fold.supervised, fold.development, fold.evaluation
    quantiles = specification.risk_quantiles
    if fast:
        return Refit(*of_fold, quantiles, shared)
    return PipelineRefit(*of_fold, quantiles)


def refitting_of(
    whole: ArmData,
    split: Split,
    specification: ModelSpecification,
    measure: Measure,
) -> Refitting:
    """As `refitting`, of both sides of a fold; `whole` holds all subjects."""
    known, held_out = (
        whole.only(side.cohort["subject_id"])
        for side in (split.development, split.evaluation)
    )
    rows, others = split.development, held_out.predictors
    return refitting(known, rows, others, specification, measure)


class PipelineRefit:
    """Steps that see the outcome, whatever they are, fitted anew.

    Parameters
    ----------
    supervised : Pipeline
        These steps and the model, see `pipeline.outcome_blind_and_supervised`.
    development, evaluation : DataFrame
        Rows after all other steps.
    quantiles : sequence of float
        Of the scores in development, where risk groups are cut.
    """

    def __init__(
        self,
        supervised: Pipeline,
        development: pd.DataFrame,
        evaluation: pd.DataFrame,
        quantiles: Sequence[float],
    ) -> None:
        self._supervised, self._quantiles = supervised, quantiles
        self._development, self._evaluation = development, evaluation

    @property
    def evaluation(self) -> pd.Index:
        """Subjects that are scored, in the order of the scores."""
        return self._evaluation.index

    def scores_and_cuts(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `Refitting.scores_and_cuts`."""
        steps = Pipeline([(name, clone(one)) for name, one in self._supervised.steps])
        fitted = steps.fit(self._development, y)
        cuts = cuts_of(fitted.decision_function(self._development), self._quantiles)
        return fitted.decision_function(self._evaluation), cuts


class Refit:
    """Selection and model on arrays; scores equal those of the pipeline bit for bit.

    Parameters
    ----------
    supervised : Pipeline
        Selection and model, see `pipeline.outcome_blind_and_supervised`.
    development, evaluation : DataFrame
        Rows after all other steps.
    quantiles : sequence of float
        Of the scores in development, where risk groups are cut.
    shared : FittedSteps, optional
        Knows from other arms of the fold how strongly features go with an outcome.
    """

    def __init__(
        self,
        supervised: Pipeline,
        development: pd.DataFrame,
        evaluation: pd.DataFrame,
        quantiles: Sequence[float],
        shared: FittedSteps | None = None,
    ) -> None:
        (_, selection), (_, model) = supervised.steps
        self._quantiles = quantiles
        self._subjects = evaluation.index
        self._n_most = selection.max_features
        self._model = type(model), model.get_params(deep=False)
        features = feature_names(development.columns)
        self._is_feature = np.isin(development.columns, features)
        self._names = np.array([str(name) for name in development.columns])
        # The layout in memory decides how sums are rounded: that of the pipeline.
        self._features = development[features].to_numpy()
        self._shared, self._rows = shared, development
        self._development = development.to_numpy(dtype=float)
        self._evaluation = evaluation[development.columns].to_numpy(dtype=float)

    @property
    def evaluation(self) -> pd.Index:
        """Subjects that are scored, in the order of the scores."""
        return self._subjects

    def scores_and_cuts(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `Refitting.scores_and_cuts`."""
        kept = ~self._is_feature
        strength = self._strength(y)
        kept[self._is_feature] = strongest(strength, self._n_most)
        kind, options = self._model
        model = kind(**options)
        known = self._development[:, kept]
        model.fit_values(self._names[kept], known, y)
        cuts = cuts_of(model.scores_of(known), self._quantiles)
        return np.asarray(model.scores_of(self._evaluation[:, kept])), cuts

    def _strength(self, y: np.ndarray) -> np.ndarray:
        """Strength of each feature by itself; arms with the same rows share it."""
        if self._shared is None:
            return univariate_strength(self._features, y)
        return self._shared.value_of(
            self._rows, y.tobytes(), lambda: univariate_strength(self._features, y)
        )
