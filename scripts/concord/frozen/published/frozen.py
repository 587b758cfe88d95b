"""Frozen model of the terms of a published equation."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ...folds.scheme import FINAL
from ...folds.settings import CovariateSection
from ...folds.subject_table import COVARIATE
from ...models.chain import Pipeline
from ...models.estimators.linear_predictor import LinearPredictor
from ...models.fitted_model import Baseline, Estimates, FittedModel, Range
from ...models.pipeline import MODEL, estimates
from ...models.settings.arm import Arm
from ...models.settings.model import ModelSection
from ...models.settings.specification import ModelSpecification
from ...models.steps.indicators import Indicators
from ...models.steps.published_transform import PublishedTransform
from ...models.steps.score_columns import ScoreColumns
from ...statistics.outcome_kinds import BINARY, SURVIVAL
from ..development import (
    Applicability,
    ColumnSummary,
    Population,
    ScoreDistribution,
)
from ..document import FrozenModel
from ..equation.whole import with_equation
from ..inputs import Origin, OutcomeInput
from .sections import PublishedModel
from .terms import Weighed

#: Names of session and reader until a study says its own.
SESSION, READER = "baseline", "A"
#: Development of an equation: what its publication had.
EVERYBODY = "all"


def document_of(section: PublishedModel, terms: Sequence[Weighed]) -> FrozenModel:
    """Frozen model of an equation without faults."""
    specification = _specification(section, terms)
    document = FrozenModel.of(
        name=section.name,
        label=section.title,
        intended_use=section.intended_use,
        origin=_origin(section),
        outcome=_outcome(section),
        specification=specification,
        model=_fitted(section, terms, specification.arm.model),
        features={one.column: one.feature for one in terms if one.feature},
        covariates=_covariates(section),
        configuration=_configuration(section),
        applicability=Applicability(ranges=_ranges(section, terms)),
        scores=_scores(section),
        expected=section.expected,
        population=_population(section, terms),
    )
    return with_equation(document)


def _origin(section: PublishedModel) -> Origin:
    return Origin(
        study=section.title,
        source="published",
        development=EVERYBODY,
        reference=section.reference,
    )


def _specification(
    section: PublishedModel, terms: Sequence[Weighed]
) -> ModelSpecification:
    return ModelSpecification(
        endpoint=section.outcome.name,
        kind=_kind(section),
        name=section.name,
        arm=_arm(section, terms),
        baseline_session=SESSION,
        reference_reader=READER,
    )


def _kind(section: PublishedModel) -> str:
    timed = section.outcome.kind != "diagnostic"
    return SURVIVAL.name if timed else BINARY.name


def _arm(section: PublishedModel, terms: Sequence[Weighed]) -> Arm:
    return Arm(
        covariates=list(section.covariates),
        features=[one.column for one in terms if one.feature],
        stability_filter=False,
        max_missing=_max_missing(terms),
        model=ModelSection(
            kind="linear_predictor",
            weights={_weight_name(one): one.weight for one in terms},
            intercept=section.baseline.intercept,
            means={_weight_name(one): one.mean for one in terms if one.mean},
        ),
    )


def _weight_name(one: Weighed) -> str:
    return one.column.removeprefix(COVARIATE)


def _max_missing(terms: Sequence[Weighed]) -> float:
    """Share of predictors that may be missing: none, unless all have a value for it."""
    return float(all(one.term.if_missing is not None for one in terms))


def _fitted(
    section: PublishedModel, terms: Sequence[Weighed], model: ModelSection
) -> FittedModel:
    return FittedModel(
        scheme=FINAL.name,
        repeat=1,
        fold=EVERYBODY,
        n_development=section.population.n,
        n_events=section.population.n_events,
        estimates=_estimates(section, terms, model),
        baseline=_baseline(section),
        ranges={
            one.column: Range(lowest=one.term.range[0], highest=one.term.range[1])
            for one in terms
            if one.term.range
        },
    )


def _estimates(
    section: PublishedModel, terms: Sequence[Weighed], model: ModelSection
) -> Estimates:
    score = section.scores
    return Estimates(
        endpoint=section.outcome.name,
        kind=_kind(section),
        session=SESSION,
        reader=READER,
        columns=_columns(terms),
        unseen=None,
        adapt_subjects=None,
        max_missing=_max_missing(terms),
        cuts=section.cuts,
        thresholds={str(name): one for name, one in section.thresholds.items()},
        spread=score.sd if score else 0.0,
        mean=score.mean if score else None,
        pipeline=_pipeline(terms, model),
    )


def _columns(terms: Iterable[Weighed]) -> list[str]:
    """Features, then covariates, as studies have them."""
    known = list(terms)
    features = [one.column for one in known if one.feature]
    return features + [one.column for one in known if not one.feature]


def _pipeline(terms: Sequence[Weighed], model: ModelSection) -> dict[str, Any]:
    """Estimates of the steps; nothing of them is learnt from rows."""
    columns = _columns(terms)
    filling = {one.column: one.term.if_missing for one in terms}
    score = ScoreColumns(list(model.weights), model.means)
    score.kept_ = columns
    score.filling_ = np.array(
        [np.nan if filling[name] is None else filling[name] for name in columns], float
    )
    indicators = Indicators([n for n in columns if n.startswith(COVARIATE)], False)
    indicators.groups_ = []
    steps: list[tuple[str, Any]] = [("indicators", indicators), ("score", score)]
    functions = {one.column: one.transform for one in terms if one.transform != "none"}
    if functions:
        shifts = {one.column: one.shift for one in terms if one.shift}
        steps.append(("transform", PublishedTransform(functions, shifts)))
    predictor = LinearPredictor(model.weights, model.intercept, model.means)
    predictor.fit_values(np.array(columns), np.zeros((0, len(columns))), np.zeros(0))
    return estimates(Pipeline([*steps, (MODEL, predictor)]))


def _baseline(section: PublishedModel) -> Baseline | None:
    known = section.baseline
    if section.outcome.kind == "diagnostic":
        return None if known.intercept is None else Baseline(intercept=known.intercept)
    hazard = {day: float(-np.log(one)) for day, one in known.survival.items()}
    hazard |= known.cumulative_hazard
    if not hazard:
        return None
    days, others = sorted(hazard), sorted(known.competing_hazard)
    return Baseline(
        times_days=days,
        cumulative_hazard=[hazard[day] for day in days],
        competing_times_days=others,
        competing_hazard=[known.competing_hazard[day] for day in others],
    )


def _outcome(section: PublishedModel) -> OutcomeInput:
    outcome = section.outcome
    return OutcomeInput(
        kind=outcome.kind,
        label=outcome.label or outcome.name,
        causes=outcome.causes,
        cause=outcome.cause,
        at_days=outcome.at_days,
        horizon_days=outcome.horizon_days,
    )


def _covariates(section: PublishedModel) -> dict[str, CovariateSection]:
    return {
        name: CovariateSection(
            column=name,
            kind="category" if one.levels else "number",
            levels=one.levels,
            label=one.label or name,
            unit=one.unit,
        )
        for name, one in section.covariates.items()
    }


def _configuration(section: PublishedModel) -> dict[str, Any]:
    """Sections that make the features in a study; as written, so that hashes agree."""
    found = {
        key: {
            name: one.model_dump(mode="json", exclude_unset=True)
            for name, one in getattr(section, key).items()
        }
        for key in ("images", "recipes", "regions")
    }
    return {key: one for key, one in found.items() if one}


def _ranges(
    section: PublishedModel, terms: Sequence[Weighed]
) -> dict[str, ColumnSummary]:
    """Ranges that were published; a mean of a transformed value is none of these."""
    found = {}
    for one in terms:
        if one.term.range is None:
            continue
        plain = one.transform == "none" and one.shift == 0 and one.note == ""
        found[one.column] = ColumnSummary(
            n=section.population.n,
            lowest=one.term.range[0],
            highest=one.term.range[1],
            mean=one.term.mean if plain else None,
            sd=one.term.sd if plain else None,
        )
    return found


def _scores(section: PublishedModel) -> ScoreDistribution:
    known = section.scores
    if known is None:
        return ScoreDistribution()
    return ScoreDistribution(n=section.population.n, mean=known.mean, sd=known.sd)


def _population(section: PublishedModel, terms: Sequence[Weighed]) -> Population:
    people = section.population
    notes = [one.note for one in terms if one.note]
    unranged = [one.column for one in terms if one.term.range is None]
    facts = {
        "population": people.description,
        "licence": section.licence,
        "features": "; ".join(dict.fromkeys(notes)),
        "ranges": (
            "Ranges in development were not published of "
            f"{', '.join(unranged)}: the flag out_of_range cannot be raised for them."
            if unranged
            else ""
        ),
        "distance": (
            "The covariance of the predictors in development was not published: the "
            "flag distance cannot be raised."
        ),
    }
    return Population(
        n=people.n,
        n_events=people.n_events,
        follow_up_days=people.follow_up_days,
        facts={topic: told for topic, told in facts.items() if told},
    )
