"""The chain from raw predictors to a model, as one estimator, and back from JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from ..folds.subject_table import feature_names, modalities
from ..harmonization.estimators import factory
from ..harmonization.estimators.base import Harmonizer
from ..harmonization.estimators.sequence import HarmonizerSequence
from .arm import BINARY, Plan
from .penalized import RidgeCox, RidgeLogistic
from .phantom_table import SUBJECT, batch_rows
from .selection import CorrelationFilter, UnivariateSelection
from .steps import (
    Indicators,
    MedianImputer,
    StabilityFilter,
    Stable,
    Standardizer,
    Step,
)

#: First step that sees the outcome.
FIRST_SUPERVISED = "select"
#: How the names of harmonizing steps begin; the modality follows.
HARMONIZE = "harmonize_"

_STEPS: dict[str, type[Step]] = {
    step.__name__: step
    for step in (
        StabilityFilter,
        Indicators,
        MedianImputer,
        Standardizer,
        CorrelationFilter,
        UnivariateSelection,
    )
}
_MODELS = {model.__name__: model for model in (RidgeLogistic, RidgeCox)}


def build(
    columns: Sequence[str],
    plan: Plan,
    measurements: Stable | None,
    phantom: pd.DataFrame | None = None,
) -> Pipeline:
    """Harmonize, filter, impute, scale, select and fit, all in one `fit`.

    Parameters
    ----------
    columns : sequence of str
        Columns of the predictors (see `design.Study`).
    plan : Plan
        The arm.
    measurements : Stable or None
        Repeated measurements of the development subjects, if the arm filters.
    phantom : DataFrame or None
        Rows of phantoms or travelling subjects, if they teach the batch effects.
    """
    options = plan.options
    covariates = [c for c in columns if _is_covariate(c, options["covariates"])]
    steps: list[tuple[str, Any]] = []
    if plan.harmonizes:
        steps += _harmonization(columns, plan, phantom)
    if plan.filters:
        steps.append(("stability", StabilityFilter(measurements)))
    steps += [
        ("indicators", Indicators(covariates, options["group_indicator"])),
        ("impute", MedianImputer()),
        ("standardize", Standardizer()),
        ("correlation", CorrelationFilter(options["correlation_limit"])),
        (FIRST_SUPERVISED, UnivariateSelection(options["max_features"])),
        ("model", _model(plan, covariates)),
    ]
    return Pipeline(steps)


def halves(pipeline: Pipeline) -> tuple[Pipeline, Pipeline]:
    """The steps blind to the outcome, and those that see it."""
    first = list(pipeline.named_steps).index(FIRST_SUPERVISED)
    return pipeline[:first], pipeline[first:]


def harmonizing_steps(pipeline: Pipeline) -> dict[str, Harmonizer]:
    """The harmonizers of a pipeline by the name of their step."""
    return {
        name: step
        for name, step in pipeline.named_steps.items()
        if name.startswith(HARMONIZE)
    }


def single_harmonizers(step: Harmonizer) -> list[Harmonizer]:
    """The fitted harmonizers of a step, one per batch variable."""
    return step.fitted_ if isinstance(step, HarmonizerSequence) else [step]


def replaced(pipeline: Pipeline, steps: Mapping[str, Any]) -> Pipeline:
    """A pipeline with other fitted steps under the same names."""
    return Pipeline([(name, steps.get(name, step)) for name, step in pipeline.steps])


def estimates(pipeline: Pipeline) -> dict[str, Any]:
    """Everything a fitted pipeline learnt, step by step, as JSON values."""
    found = {name: step.estimates() for name, step in pipeline.named_steps.items()}
    return {"order": list(found), **found}


def from_estimates(found: Mapping[str, Any]) -> Pipeline:
    """The fitted pipeline that gave these estimates; its scores are bit-equal."""
    return Pipeline([(name, _rebuilt(name, found[name])) for name in found["order"]])


def _rebuilt(name: str, found: Mapping[str, Any]) -> Any:
    if name.startswith(HARMONIZE):
        return factory.from_estimates(found)
    kinds: Mapping[str, Any] = _MODELS if found["kind"] in _MODELS else _STEPS
    return kinds[found["kind"]].from_estimates(found)


def _harmonization(
    columns: Sequence[str], plan: Plan, phantom: pd.DataFrame | None
) -> list[tuple[str, Harmonizer]]:
    """One harmonizer per modality, each with its own batch columns."""
    names = feature_names(columns)
    return [
        (f"{HARMONIZE}{modality}", _harmonizer(columns, names, modality, plan, phantom))
        for modality in modalities(names)
    ]


def _harmonizer(
    columns: Sequence[str],
    names: Sequence[str],
    modality: str,
    plan: Plan,
    phantom: pd.DataFrame | None,
) -> Harmonizer:
    settings = plan.harmonization
    batch = [c for c in columns if c.startswith(f"batch.{modality}.")]
    features = [n for n in names if n.startswith(f"{modality}.")]
    if phantom is not None:
        return factory.make_from_phantom(
            batch_rows(phantom, batch),
            batch=batch,
            subject=SUBJECT,
            columns=features,
            settings=settings,
        )
    keep = [c for c in columns if _is_covariate(c, settings["keep"])]
    return factory.make(
        plan.options["harmonizer"],
        batch=batch,
        keep=keep,
        smooth=[c for c in keep if _is_covariate(c, settings["smooth"])],
        columns=features,
        settings=settings,
    )


def _model(plan: Plan, covariates: Sequence[str]) -> RidgeLogistic | RidgeCox:
    kind = RidgeLogistic if plan.kind == BINARY else RidgeCox
    return kind(penalty=plan.options["penalty"], unpenalized=tuple(covariates))


def _is_covariate(column: str, names: Sequence[str]) -> bool:
    return any(
        column == f"covariate.{name}" or column.startswith(f"covariate.{name}=")
        for name in names
    )
