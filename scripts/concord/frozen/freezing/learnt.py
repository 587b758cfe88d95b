"""Everything that a frozen model learns from the rows of its development subjects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...folds.cohort import target_of
from ...folds.splitting import SubjectRows
from ...models.arm import arm_data
from ...models.fitted_model import FittedModel
from ...models.prediction import Predictor
from ...models.settings.specification import ModelSpecification
from ...provenance import digest
from ..development import Population, ScoreDistribution
from ..settings import Learning
from . import applicability
from .population import population
from .pruning import moving, pruned_model, require_equal_scores
from .samples import Sampled, reached
from .scores import distribution


@dataclass(frozen=True)
class Learnt:
    """A pruned model with what is known of the subjects that it was fitted to.

    `compared` are the fields of `Applicability` that rows of features and the cohort
    tell; `apparent` is the model's discrimination among its own subjects.
    """

    model: FittedModel
    rows: SubjectRows  # of those that it was fitted to
    compared: Mapping[str, Any]
    scores: ScoreDistribution
    population: Population
    sampled: Sampled
    apparent: float

    def digest(self) -> str:
        """Hash of all of it, but for the rows."""
        return digest(
            {
                "model": _plain(self.model),
                "compared": {name: _plain(one) for name, one in self.compared.items()},
                "scores": _plain(self.scores),
                "population": _plain(self.population),
                "samples": [_plain(one) for one in self.sampled.models],
                "out_of_bag": repr(self.sampled.out_of_bag),
                "apparent": repr(self.apparent),
            }
        )


def learn(
    rows: SubjectRows,
    plan: ModelSpecification,
    model: FittedModel,
    sampled: Sampled,
    options: Learning,
) -> Learnt:
    """Knowledge that a model has of its development subjects.

    Parameters
    ----------
    rows : SubjectRows
        All development subjects, and nobody else.
    plan : ModelSpecification
        The arm.
    model : FittedModel
        Its model of these rows.
    sampled : Sampled
        Its models of bootstrap samples of them.
    options : Learning

    Raises
    ------
    StudyError
        If scores changed as the model was pruned.
    """
    own = pruned_model(model)
    require_equal_scores(model, own, rows, options.seed)
    fitted_to = _only(rows, arm_data(rows, plan).fittable())
    predictor, cell = Predictor.of(own), options.smallest_cell
    numbers = applicability.numeric(moving(model.required_estimates()))
    table = predictor.predictors(fitted_to)[numbers].astype(float)
    scored = predictor.scored(fitted_to, options.seed)
    outcome = target_of(fitted_to.cohort, plan.endpoint)
    return Learnt(
        model=own,
        rows=fitted_to,
        compared={
            **applicability.compared(table),
            "batches": applicability.known_batches(own.required_estimates()),
        },
        scores=distribution(scored, plan.outcome, cell),
        population=population(rows.cohort, outcome, own, options.covariates, cell),
        sampled=sampled,
        apparent=reached(own, rows, plan, options.seed),
    )


def _only(rows: SubjectRows, subjects: list[str]) -> SubjectRows:
    """Rows of some subjects."""
    chosen = set(subjects)
    cohort, features = (
        table[table["subject_id"].isin(chosen)].reset_index(drop=True)
        for table in (rows.cohort, rows.features)
    )
    return SubjectRows(cohort, features, rows.phantom)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value
