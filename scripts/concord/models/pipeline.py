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
from .estimators.imputed import Imputed
from .estimators.model_kind import ESTIMATORS, make
from .settings.specification import ModelSpecification
from .steps import declared
from .steps.base import Stable
from .steps.imputation import missing_name

MODEL = "model"
#: How the names of harmonizing steps begin; the image follows.
HARMONIZE = "harmonize_"


def build(
    columns: Sequence[str],
    specification: ModelSpecification,
    measurements: Stable | None,
    phantom: pd.DataFrame | None = None,
    clusters: Mapping[str, str] | None = None,
) -> Pipeline:
    """Filter, transform, harmonize, impute, scale, select and fit, all in one `fit`.

    Parameters
    ----------
    columns : sequence of str
        Columns of the predictors (see `design.Study`).
    specification : ModelSpecification
        The arm.
    measurements : Stable or None
        Repeated measurements of the development subjects, if the arm uses them.
    phantom : DataFrame or None
        Rows of phantoms or travelling subjects, if batch effects are estimated from
        them.
    clusters : mapping or None
        Cluster of each subject, which half samples do not tear apart.
    """
    arm = specification.arm
    covariates = [c for c in columns if of_covariate(c, arm.covariates)]
    if arm.model.is_given:
        steps = declared.of_published_score(arm, covariates)
    else:
        steps = [
            *declared.blind_to_outcomes(arm, covariates, measurements),
            *declared.selection(arm, specification.seed, clusters),
        ]
    return Pipeline(
        [
            *declared.before_harmonization(arm),
            *_harmonization(columns, specification, phantom),
            *steps,
            (MODEL, _model(specification, covariates)),
        ]
    )


def outcome_blind_and_supervised(pipeline: Pipeline) -> tuple[Pipeline, Pipeline]:
    """The steps blind to the outcome, and those that see it."""
    steps = [step for _, step in pipeline.steps]
    seeing = (n for n, one in enumerate(steps) if getattr(one, "SEES_OUTCOME", False))
    first = next(seeing, len(steps) - 1)
    return pipeline[:first], pipeline[first:]


def before_harmonization(pipeline: Pipeline) -> Pipeline:
    """The steps whose rows the harmonizers learn from."""
    harmonizes = [name.startswith(HARMONIZE) for name in pipeline.named_steps]
    return pipeline[: harmonizes.index(True)] if any(harmonizes) else pipeline[:0]


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
    if found["kind"] == Imputed.__name__:
        return Imputed.from_estimates(found, lambda one: _rebuilt(name, one))
    kinds: Mapping[str, Any] = (
        ESTIMATORS if found["kind"] in ESTIMATORS else declared.STEPS
    )
    return kinds[found["kind"]].from_estimates(found)


def _harmonization(
    columns: Sequence[str],
    specification: ModelSpecification,
    phantom: pd.DataFrame | None,
) -> list[tuple[str, Harmonizer]]:
    """One harmonizer per image, each with its own batch columns, if the arm has one."""
    settings, kind = specification.harmonization, specification.arm.harmonizer
    if settings is None:
        return []
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


def _model(specification: ModelSpecification, covariates: Sequence[str]) -> Any:
    """The model of an arm; one per imputation, if covariates are imputed often."""
    arm = specification.arm
    free = tuple(covariates)
    if arm.imputation == "indicator":
        free += tuple(dict.fromkeys(missing_name(name) for name in covariates))
    model = make(specification, free)
    if not arm.imputes_often:
        return model
    return Imputed(model, tuple(covariates), arm.n_imputations, specification.seed)


def of_covariate(column: str, names: Sequence[str]) -> bool:
    """True for the column of a covariate of these names, or of one of its levels."""
    return any(
        column == f"covariate.{name}" or column.startswith(f"covariate.{name}=")
        for name in names
    )
