"""Data of one fold for many analyses: what they have in common is made once."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...errors import FitError, StudyError
from ...folds import completeness
from ...folds.splitting import Split
from ...folds.subject_table import feature_names
from ...models.arm import ArmData, MeasuredOnce, arm_data
from ...models.fitted_steps import FittedSteps
from ...models.fusion.null import fused_refitting
from ...models.null.refit import Refitting, refitting
from ...models.pipeline import of_covariate
from ...models.settings.model import ArmModel
from ...models.settings.specification import ModelSpecification
from ...models.settings.steps import ArmSteps

#: Options of an arm that do not decide which predictors and subjects it has.
_OF_STEPS = {*ArmModel.model_fields, *ArmSteps.model_fields, "harmonizer"}
_OF_STEPS -= {"drop_missing_above", "max_missing"}
_OF_OTHERS = ("stability", "name", "seed", "ties", "stratify_by")


class PreparedAnalysis(NamedTuple):
    """An analysis in a fold: its steps without outcome are fitted."""

    development: pd.Index  # subjects that are learnt from
    target: np.ndarray  # their outcomes
    refit: Refitting


class FoldData:
    """One fold, with predictors, measurements and steps that analyses share.

    Development and evaluation are read apart, so that an analysis knows nothing of the
    subjects that it is judged on, and may be fitted as in the study itself.
    """

    def __init__(self, split: Split) -> None:
        self._split = split
        self._measure = MeasuredOnce()
        self._steps = FittedSteps()
        self._known: dict[Hashable, ArmData] = {}
        self._others: dict[Hashable, pd.DataFrame] = {}

    def prepared(self, model: ModelSpecification) -> PreparedAnalysis:
        """Steps of an analysis that are blind to the outcome, fitted.

        FitError if there is nobody to learn from, or to be scored.
        """
        known = self._development(model)
        if model.members:
            refit = self._fused(model, known)
        else:
            rows, others = self._split.development, self._evaluation(model)
            measure, steps = self._measure, self._steps
            refit = refitting(known, rows, others, model, measure, steps)
        if refit.evaluation.empty:
            raise FitError(f"no subject of fold {self._split.name.stem} can be scored.")
        target = model.outcome.target(known.outcome)
        return PreparedAnalysis(known.predictors.index, target, refit)

    def _fused(self, model: ModelSpecification, known: ArmData) -> Refitting:
        """Refit of a fused arm, whose members have both sides of the fold."""
        members = {
            name: _with_others(self._development(one), self._evaluation(one))
            for name, one in model.members.items()
        }
        scored = {name for one in members.values() for name in one.predictors.index}
        nothing = pd.DataFrame(index=sorted(scored.difference(known.predictors.index)))
        whole = _with_others(known, nothing)
        return fused_refitting(whole, members, self._split, model, self._measure)

    def _development(self, model: ModelSpecification) -> ArmData:
        """Development subjects that the analysis may be fitted to."""
        key = data_key(model)
        if key not in self._known:
            rows = self._split.development
            self._known[key] = arm_data(rows, model).only_fittable()
        return self._known[key]

    def _evaluation(self, model: ModelSpecification) -> pd.DataFrame:
        """Predictors of the evaluation subjects that have enough of them."""
        key = data_key(model)
        if key not in self._others:
            self._others[key] = self._scorable(model)
        return self._others[key]

    def _scorable(self, model: ModelSpecification) -> pd.DataFrame:
        arm, known = model.arm, self._development(model).predictors
        try:
            rows = arm_data(self._split.evaluation, model).predictors
        except StudyError:  # nobody of them was measured
            rows = known.iloc[:0]
        rows = rows.reindex(columns=known.columns)
        columns = [str(name) for name in known.columns]
        own = [name for name in columns if of_covariate(name, arm.covariates)]
        learnt = known[[*feature_names(columns), *own]]
        unmeasured = completeness.unmeasured(learnt, arm.drop_missing_above)
        missing = completeness.missing(rows, own, unmeasured)
        return rows[completeness.reasons(rows, missing, arm.max_missing).isna()]


def _with_others(known: ArmData, others: pd.DataFrame) -> ArmData:
    """Development data with predictors of other subjects, of whom nothing is learnt."""
    predictors = pd.concat([known.predictors, others]).sort_index()
    subjects = predictors.index
    return replace(
        known,
        predictors=predictors,
        outcome=known.outcome.reindex(subjects),
        n_missing=known.n_missing.reindex(subjects),
        clusters=known.clusters.reindex(subjects),
    )


def data_key(model: ModelSpecification) -> Hashable:
    """Text of all settings that decide which predictors and subjects a model has."""
    left_out: dict[str, Any] = {"arm": _OF_STEPS, **dict.fromkeys(_OF_OTHERS, True)}
    return model.model_dump_json(exclude=left_out)
