"""The equation as a fitted model: steps and estimates that no data were needed for."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...fields import Section
from ...folds.subject_table import COVARIATE
from ...models import pipeline as pipelines
from ...models.chain import Pipeline
from ...models.estimators.linear_predictor import LinearPredictor
from ...models.fitted_model import Baseline, Estimates, FittedModel, Range
from ...models.settings.specification import ModelSpecification
from ...models.steps.indicators import Indicators
from ...models.steps.score_columns import ScoreColumns
from ...models.steps.transforms import LogTransform
from .sections import LOGARITHMS, PublishedModel, Term

#: A value that is not positive has an infinite logarithm, so that there is no score.
_FLOOR = 0.0


class Placed(Section):
    """A term and the column of the predictors that it weighs."""

    column: str
    term: Term

    @property
    def weight(self) -> float:
        """Weight per unit of the natural logarithm, or of the value."""
        term = self.term
        per_unit = term.coefficient / (term.sd or 1.0)
        return per_unit * LOGARITHMS.get(term.transform, 1.0)

    @property
    def mean(self) -> float:
        """What is taken from the natural logarithm, or from the value."""
        return self.term.mean / LOGARITHMS.get(self.term.transform, 1.0)

    @property
    def weighed(self) -> str:
        """Name of the column in the weights of a score."""
        return self.column.removeprefix(COVARIATE)


def fitted(
    model: PublishedModel,
    specification: ModelSpecification,
    placed: Sequence[Placed],
) -> FittedModel:
    """The equation as the model of a fit to all subjects of its publication.

    Parameters
    ----------
    model : PublishedModel
    specification : ModelSpecification
        Of the same equation.
    placed : sequence of Placed
        Its terms by their columns, features first.
    """
    columns = [one.column for one in placed]
    estimates = Estimates(
        endpoint=specification.endpoint,
        kind=specification.kind,
        session=specification.baseline_session,
        reader=specification.reference_reader,
        columns=columns,
        unseen=None,
        adapt_subjects=None,
        # Nothing is known that could stand for a missing value.
        max_missing=0.0,
        cuts=model.cuts or [0.0],
        thresholds=dict(model.thresholds),
        spread=0.0,
        pipeline=pipelines.estimates(_pipeline(model, placed)),
    )
    return FittedModel(
        scheme="final",
        repeat=1,
        fold="all",
        n_development=model.population.n,
        n_events=model.population.n_events,
        estimates=estimates,
        baseline=_baseline(model),
        ranges={
            one.column: Range(lowest=one.term.range[0], highest=one.term.range[1])
            for one in placed
            if one.term.range is not None
        },
    )


def weights_of(placed: Sequence[Placed]) -> dict[str, float]:
    """Weight of each column, by its name in the settings of a score."""
    return {one.weighed: one.weight for one in placed}


def means_of(placed: Sequence[Placed]) -> dict[str, float]:
    """What is taken from each column, where something is."""
    return {one.weighed: one.mean for one in placed if one.mean}


def _pipeline(model: PublishedModel, placed: Sequence[Placed]) -> Pipeline:
    columns = np.array([one.column for one in placed], dtype=str)
    covariates = [name for name in columns if name.startswith(COVARIATE)]
    logged = [one.column for one in placed if one.term.transform != "none"]
    steps: list[tuple[str, Any]] = []
    if logged:
        steps.append(("transform", _logarithms(logged)))
    indicators = Indicators(covariates, False)
    indicators.groups_ = []
    kept = ScoreColumns([one.weighed for one in placed], means_of(placed))
    kept.kept_ = columns.tolist()
    kept.filling_ = np.full(len(columns), np.nan)
    score = LinearPredictor(weights_of(placed), model.intercept, means_of(placed))
    score.fit_values(columns, np.zeros((0, len(columns))), np.zeros(0))
    return Pipeline(
        [*steps, ("indicators", indicators), ("score", kept), ("model", score)]
    )


def _logarithms(columns: Sequence[str]) -> LogTransform:
    step = LogTransform()
    step.features_ = list(columns)
    step.floor_ = np.full(len(columns), _FLOOR)
    step.scale_ = np.full(len(columns), np.nan)
    return step


def _baseline(model: PublishedModel) -> Baseline | None:
    """Hazard of a score of zero; steps at the days that are told."""
    if not model.has_times:
        return Baseline(intercept=model.intercept)
    if not model.baseline:
        return None
    return Baseline(
        times_days=[one.days for one in model.baseline],
        cumulative_hazard=[-math.log(one.survival) for one in model.baseline],
    )
