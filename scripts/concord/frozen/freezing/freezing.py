"""Frozen models of one development set: everything filled in, from its rows alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ...errors import StudyError
from ...folds.cohort import target_of
from ...folds.splitting import SubjectRows
from ...models.arm import arm_data
from ...models.fitted_model import Estimates, FittedModel
from ...models.prediction import Predictor
from ...models.settings.specification import ModelSpecification
from ..development import Applicability, ExpectedPerformance
from ..document import FrozenModel
from ..inputs import Origin
from ..settings import EVERYBODY, FreezeModel
from . import acquisition, applicability
from .configuration import restricted
from .expected import Validation, of_samples, of_validation
from .inputs import (
    covariate_inputs,
    dictionary_rows,
    feature_inputs,
    outcome_input,
)
from .population import population
from .pruning import moving, pruned_model, require_equal_scores
from .samples import Sampled, reached, sampled
from .scores import distribution


@dataclass(frozen=True)
class StudyTables:
    """What is known of the study besides the rows that models are fitted to.

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
    plans = [plan for plan, _ in fitted]
    samples = sampled(rows, plans, settings.samples, settings.seed)
    return [
        _Freezing(rows, plan, model, of_plan, study, settings).document()
        for (plan, model), of_plan in zip(fitted, samples, strict=True)
    ]


@dataclass(frozen=True)
class _Freezing:
    """One arm and endpoint on the way into a document."""

    rows: SubjectRows
    plan: ModelSpecification
    model: FittedModel
    samples: Sampled
    study: StudyTables
    settings: FreezeModel

    def document(self) -> FrozenModel:
        """The frozen model."""
        self._require_fitted()
        own, settings = pruned_model(self.model), self.settings
        require_equal_scores(self.model, own, self.rows, settings.seed)
        columns = own.required_estimates().columns
        described = dictionary_rows(columns, self.study.dictionary)
        configuration = self._configuration(own.required_estimates(), described)
        return FrozenModel.of(
            name=self.plan.name,
            label=settings.labels[self.plan.name],
            intended_use=settings.intended_use,
            origin=Origin(
                study=settings.study,
                source="fitted",
                development=settings.development,
                plan=self.study.plan,
            ),
            outcome=outcome_input(
                settings.endpoints[self.plan.endpoint], self.plan.endpoint
            ),
            specification=self.plan,
            model=own,
            features=feature_inputs(described, configuration.get("images", {})),
            covariates=covariate_inputs(columns, settings.covariates),
            configuration=configuration,
            samples=self.samples.models,
            n_samples_failed=self.samples.n_failed,
            **self._development(own, configuration),
        )

    def _development(
        self, own: FittedModel, configuration: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Sections on the development subjects, and on what to expect."""
        data = arm_data(self.rows, self.plan)
        rows, cell = _only(self.rows, data.fittable()), self.settings.smallest_cell
        predictor = Predictor.of(own)
        outcome = target_of(rows.cohort, self.plan.endpoint)
        scored = predictor.scored(rows, self.settings.seed)
        return {
            "applicability": self._applicability(own, rows, configuration),
            "scores": distribution(scored, self.plan.outcome, cell),
            "expected": self._expected(own),
            "population": population(
                self.rows.cohort, outcome, own, self.settings.covariates, cell
            ),
        }

    def _applicability(
        self, own: FittedModel, rows: SubjectRows, configuration: Mapping[str, Any]
    ) -> Applicability:
        estimates = own.required_estimates()
        table = Predictor.of(own).predictors(rows)
        numbers = applicability.numeric(moving(self.model.required_estimates()))
        subjects = set(rows.cohort["subject_id"])
        images = acquisition.Images.of(
            dictionary_rows(estimates.columns, self.study.dictionary), configuration
        )
        session, reader = estimates.session, estimates.reader
        return Applicability(
            **applicability.compared(table[numbers].astype(float)),
            batches=applicability.known_batches(estimates),
            acquisition=acquisition.facts(
                self.study.acquisition, subjects, session, images.protocol
            ),
            readers=acquisition.kinds_of_readers(reader, self.settings.algorithms)
            if images.regions
            else [],
            smallest_region=acquisition.smallest_regions(
                self.study.masks, subjects, session, reader, images.regions
            ),
        )

    def _configuration(
        self, estimates: Estimates, described: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        harmonized = applicability.harmonized_features(estimates)
        return restricted(self.settings.configuration, described, harmonized)

    def _expected(self, own: FittedModel) -> list[ExpectedPerformance]:
        plan, cell = self.plan, self.settings.smallest_cell
        if self.settings.development == EVERYBODY:
            found = self.study.validation.get(plan.endpoint)
            return of_validation(found, plan.name, cell) if found else []
        apparent = reached(own, self.rows, plan, self.settings.seed)
        counts = own.n_development, own.n_events
        return of_samples(apparent, plan.outcome.metric, self.samples, *counts)

    def _require_fitted(self) -> None:
        if self.model.estimates is None:
            raise StudyError(
                f"freeze: arm {self.plan.name} of endpoint {self.plan.endpoint} cannot "
                f"be frozen ({self.settings.development}): it was not fitted: "
                f"{self.model.failed}. Take it out of freeze.arms, or mend the arm."
            )


def _only(rows: SubjectRows, subjects: Sequence[str]) -> SubjectRows:
    """Rows of some subjects."""
    chosen = set(subjects)
    cohort, features = (
        table[table["subject_id"].isin(chosen)].reset_index(drop=True)
        for table in (rows.cohort, rows.features)
    )
    return SubjectRows(cohort, features, rows.phantom)
