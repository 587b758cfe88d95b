"""The chain from raw predictors to a model, as one estimator, and back from JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..errors import StudyError
from ..features.feature_name import of_image
from ..folds.batch_column import BatchColumn
from ..folds.phantom_table import SUBJECT, batch_rows
from ..folds.subject_table import feature_names, images
from ..harmonization.estimators import factory
from ..harmonization.estimators.base import Harmonizer
from ..harmonization.estimators.sequence import HarmonizerSequence
from ..harmonization.settings import ArmHarmonization, HarmonizerKind
from .chain import Pipeline
from .estimators.model_kind import ESTIMATORS, MODEL_KINDS
from .estimators.penalized import RidgeCox, RidgeLogistic
from .settings.specification import ModelSpecification
from .steps.base import Stable, Step
from .steps.correlation import CorrelationFilter
from .steps.imputation import MedianImputer
from .steps.indicators import Indicators
from .steps.scaling import Standardizer
from .steps.stability_filter import StabilityFilter
from .steps.univariate import UnivariateSelection

#: How the names of harmonizing steps begin; the image follows.
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


def build(
    columns: Sequence[str],
    specification: ModelSpecification,
    measurements: Stable | None,
    phantom: pd.DataFrame | None = None,
) -> Pipeline:
    """Harmonize, filter, impute, scale, select and fit, all in one `fit`.

    Parameters
    ----------
    columns : sequence of str
        Columns of the predictors (see `design.Study`).
    specification : ModelSpecification
        The arm.
    measurements : Stable or None
        Repeated measurements of the development subjects, if the arm filters.
    phantom : DataFrame or None
        Rows of phantoms or travelling subjects, if batch effects are estimated from
        them.
    """
    arm = specification.arm
    covariates = [c for c in columns if of_covariate(c, arm.covariates)]
    steps: list[tuple[str, Any]] = []
    if specification.harmonization is not None:
        steps += _harmonization(
            columns, specification.harmonization, arm.harmonizer, phantom
        )
    if arm.filters:
        steps.append(("stability", StabilityFilter(measurements)))
    steps += [
        ("indicators", Indicators(covariates, arm.group_indicator)),
        ("impute", MedianImputer()),
        ("standardize", Standardizer()),
        ("correlation", CorrelationFilter(arm.correlation_limit)),
        ("select", UnivariateSelection(arm.max_features)),
        ("model", _model(specification, covariates)),
    ]
    return Pipeline(steps)


def outcome_blind_and_supervised(pipeline: Pipeline) -> tuple[Pipeline, Pipeline]:
    """The steps blind to the outcome, and those that see it."""
    steps = [step for _, step in pipeline.steps]
    seeing = (n for n, one in enumerate(steps) if getattr(one, "SEES_OUTCOME", False))
    first = next(seeing, len(steps) - 1)
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
    kinds: Mapping[str, Any] = ESTIMATORS if found["kind"] in ESTIMATORS else _STEPS
    return kinds[found["kind"]].from_estimates(found)


def _harmonization(
    columns: Sequence[str],
    settings: ArmHarmonization,
    kind: HarmonizerKind,
    phantom: pd.DataFrame | None,
) -> list[tuple[str, Harmonizer]]:
    """One harmonizer per image, each with its own batch columns."""
    return [
        (
            f"{HARMONIZE}{image}",
            _harmonizer(columns, image, settings, kind, phantom),
        )
        for image in images(feature_names(columns))
    ]


def _harmonizer(
    columns: Sequence[str],
    image: str,
    settings: ArmHarmonization,
    kind: HarmonizerKind,
    phantom: pd.DataFrame | None,
) -> Harmonizer:
    batch = BatchColumn.of_image(columns, image)
    features = of_image(feature_names(columns), image)
    if settings.fit_on == "phantom":
        if phantom is None:
            raise StudyError(
                "harmonization.fit_on is phantom, but no rows of a phantom were given."
            )
        return factory.make_from_phantom(
            batch_rows(phantom, batch),
            batch=batch,
            subject=SUBJECT,
            columns=features,
            settings=settings,
            unseen=settings.unseen,
        )
    keep = [c for c in columns if of_covariate(c, settings.keep)]
    return factory.make(
        kind,
        batch=batch,
        keep=keep,
        smooth=[c for c in keep if of_covariate(c, settings.smooth)],
        columns=features,
        settings=settings,
        unseen=settings.unseen,
    )


def _model(
    specification: ModelSpecification, covariates: Sequence[str]
) -> RidgeLogistic | RidgeCox:
    estimator = MODEL_KINDS[specification.kind].estimator
    return estimator(
        penalty=specification.arm.penalty,
        unpenalized=tuple(covariates),
        l1_share=specification.arm.l1_share,
    )


def of_covariate(column: str, names: Sequence[str]) -> bool:
    """True for the column of a covariate of these names, or of one of its levels."""
    return any(
        column == f"covariate.{name}" or column.startswith(f"covariate.{name}=")
        for name in names
    )
