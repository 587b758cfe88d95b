"""Frozen models of one development set: everything filled in, from its rows alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ...errors import StudyError
from ...folds.splitting import SubjectRows
from ...models.fitted_model import FittedModel
from ...models.settings.specification import ModelSpecification
from ..development import (
    Applicability,
    ExpectedPerformance,
    Population,
    SubgroupPerformance,
)
from ..document import FrozenModel
from ..equation.whole import with_equation
from ..inputs import Origin
from ..settings import EVERYBODY, FreezeModel
from . import acquisition, applicability
from .configuration import restricted
from .expected import Validation, of_samples, of_validation
from .facts import facts
from .inputs import covariate_inputs, dictionary_rows, feature_inputs, outcome_input
from .learnt import Learnt, learn
from .samples import sampled
from .subgroups import subgroup_performance


@dataclass(frozen=True)
class StudyTables:
    """Knowledge of the study besides the rows that models are fitted to.

    Acquisition and masks are those of all subjects; the rows of others than the
    development subjects are never looked at. Tables of the evaluation, by endpoint,
    are there for models of all subjects alone.
    """

    dictionary: pd.DataFrame
    acquisition: pd.DataFrame
    masks: pd.DataFrame
    validation: Mapping[str, Validation] = field(default_factory=dict)
    plan: str | None = None


def freeze(
    rows: SubjectRows,
    fitted: Sequence[tuple[ModelSpecification, FittedModel]],
    study: StudyTables,
    settings: FreezeModel,
) -> list[FrozenModel]:
    """Frozen models of some arms and endpoints, all fitted to the same rows.

    Parameters
    ----------
    rows : SubjectRows
        Development rows.
    fitted : sequence of (ModelSpecification, FittedModel)
        Each arm with its model of these rows.
    study : StudyTables
    settings : FreezeModel

    Raises
    ------
    StudyError
        If a model could not be fitted, or the columns that it needs cannot be told.
    """
    for plan, model in fitted:
        _require_fitted(plan, model, settings.development)
    options = settings.learning
    samples = sampled(rows, [plan for plan, _ in fitted], options.samples, options.seed)
    return [
        _document(plan, learn(rows, plan, model, one, options), study, settings)
        for (plan, model), one in zip(fitted, samples, strict=True)
    ]


def _document(
    plan: ModelSpecification, learnt: Learnt, study: StudyTables, settings: FreezeModel
) -> FrozenModel:
    """Document of one arm and endpoint."""
    estimates = learnt.model.required_estimates()
    features = dictionary_rows(estimates.columns, study.dictionary)
    harmonized = applicability.harmonized_features(estimates)
    configuration = restricted(settings.configuration, features, harmonized)
    covariates = covariate_inputs(estimates.columns, settings.covariates)
    of_images = _of_images(learnt, features, configuration, study, settings)
    document = FrozenModel.of(
        **_named(plan, study, settings),
        model=learnt.model,
        features=feature_inputs(
            features, configuration.get("images", {}), settings.recipe_settings
        ),
        covariates=covariates,
        configuration=configuration,
        applicability=Applicability(**learnt.compared, **of_images),
        scores=learnt.scores,
        expected=_expected(plan, learnt, study, settings),
        subgroups=_subgroups(plan, study, settings),
        population=_told(learnt, settings.development),
        samples=learnt.sampled.models,
        n_samples_failed=learnt.sampled.n_failed,
    )
    return with_equation(document)


def _named(
    plan: ModelSpecification, study: StudyTables, settings: FreezeModel
) -> dict[str, Any]:
    """Fields that say what the model is, what for and where from."""
    return {
        "name": plan.name,
        "label": settings.labels[plan.name],
        "intended_use": settings.intended_use,
        "origin": Origin(
            study=settings.study,
            source="fitted",
            development=settings.development,
            plan=study.plan,
        ),
        "outcome": outcome_input(settings.endpoints[plan.endpoint], plan.endpoint),
        "specification": plan,
    }


def _told(learnt: Learnt, development: str) -> Population:
    """Population with the sentences of the card."""
    known, estimates = learnt.population, learnt.model.required_estimates()
    sentences = {**known.facts, **facts(estimates, development)}
    return known.model_copy(update={"facts": sentences})


def _of_images(
    learnt: Learnt,
    features: Sequence[Mapping[str, Any]],
    configuration: Mapping[str, Any],
    study: StudyTables,
    settings: FreezeModel,
) -> dict[str, Any]:
    """Fields of `Applicability` on scanners, readers and regions."""
    estimates = learnt.model.required_estimates()
    subjects = set(learnt.rows.cohort["subject_id"])
    images = acquisition.Images.of(features, configuration)
    session, reader = estimates.session, estimates.reader
    kinds = acquisition.kinds_of_readers(reader, settings.algorithms)
    return {
        "acquisition": acquisition.facts(
            study.acquisition, subjects, session, images.protocol
        ),
        "readers": kinds if images.regions else [],
        "smallest_region": acquisition.smallest_regions(
            study.masks, subjects, session, reader, images.regions
        ),
    }


def _subgroups(
    plan: ModelSpecification, study: StudyTables, settings: FreezeModel
) -> list[SubgroupPerformance]:
    """Values in subgroups; none of a model without a group, which those may tell."""
    found = study.validation.get(plan.endpoint)
    if found is None or settings.development != EVERYBODY:
        return []
    cell = settings.learning.smallest_cell
    return subgroup_performance(found.subgroups, plan.name, cell)


def _expected(
    plan: ModelSpecification, learnt: Learnt, study: StudyTables, settings: FreezeModel
) -> list[ExpectedPerformance]:
    """Findings of the validation; without a group, those on its own subjects."""
    if settings.development == EVERYBODY:
        found = study.validation.get(plan.endpoint)
        cell = settings.learning.smallest_cell
        return of_validation(found, plan.name, cell) if found else []
    people = learnt.population
    return of_samples(
        learnt.apparent, plan.outcome.metric, learnt.sampled, people.n, people.n_events
    )


def _require_fitted(
    plan: ModelSpecification, model: FittedModel, development: str
) -> None:
    if model.estimates is None:
        raise StudyError(
            f"freeze: arm {plan.name} of endpoint {plan.endpoint} cannot be frozen "
            f"({development}): it was not fitted: {model.failed} Name other arms in "
            "freeze.arms, or mend this one."
        )
