"""Frozen models of small studies with all that a card tells of, for tests."""

from typing import Any

import numpy as np
import pandas as pd

from concord.folds.scheme import FINAL
from concord.folds.settings import CovariateSection
from concord.folds.splitting import SubjectRows, splits
from concord.folds.subject_table import feature_names
from concord.frozen.development import (
    Applicability,
    ExpectedPerformance,
    Population,
    ScoreDistribution,
)
from concord.frozen.document import FrozenModel
from concord.frozen.equation.whole import with_equation
from concord.frozen.freezing.applicability import compared, known_batches
from concord.frozen.freezing.pruning import moving, pruned_model
from concord.frozen.inputs import FeatureInput, Origin, OutcomeInput
from concord.models.arm_fit import fit_in_fold
from concord.models.prediction import Predictor
from concord.models.settings.specification import ModelSpecification

from .modelling_study import Tables, make_specification, make_tables

COVARIATES = {
    "age": CovariateSection(column="age", label="Age", unit="years"),
    "stage": CovariateSection(
        column="stage", kind="category", levels=["I", "II", "III"], label="Stage"
    ),
}
AT_DAYS = [365.0, 730.0]


def lacking_study(n: int = 90, seed: int = 8, missing: float = 0.05, **more) -> Tables:
    """A study with gaps in features and ages, and a stage that is a category."""
    made = make_tables(n=n, **{"signal": 2.0, **more})
    generator = np.random.default_rng(seed)
    names = [name for name in made.features if name.startswith("original.")]
    values = made.features[names].to_numpy(copy=True)
    values[generator.random(values.shape) < missing] = np.nan
    cohort = made.cohort.copy()
    if missing:
        cohort.loc[::9, "covariate.age"] = np.nan
    stage = generator.integers(3, size=len(cohort))
    for place, level in enumerate(COVARIATES["stage"].levels[1:], start=1):
        cohort[f"covariate.stage={level}"] = (stage == place).astype(float)
    keys = made.features.drop(columns=names)
    features = pd.concat([keys, pd.DataFrame(values, keys.index, names)], axis=1)
    return Tables(cohort, features, made.folds)


def feature_input(name: str) -> FeatureInput:
    """Dictionary entry of a feature."""
    image, region, column = name.split(".", 2)
    filtered, family, feature = column.split(".")
    return FeatureInput(
        image=image,
        modality=image,
        region=region,
        column=column,
        filter=filtered,
        family=family,
        feature=feature,
        ibsi_code="TU9B",
        measurand="disorder of grey levels",
        unit="bit",
        unit_ucum="bit",
        recipe=image,
        recipe_hash="0123456789ab",
        software="pictologics 0.9.0",
    )


def frozen_document(
    study: Tables, plan: ModelSpecification | None = None, **changes: Any
) -> FrozenModel:
    """Frozen model of an arm that was fitted to all subjects of a study."""
    plan = plan or make_specification("binary")
    (split,) = splits(study.rows, study.folds, FINAL.name)
    fit = fit_in_fold(split.name, split.development, plan)
    return document_of(pruned_model(fit.model), split.development, plan, **changes)


def document_of(
    model: Any, rows: SubjectRows, plan: ModelSpecification, **changes: Any
) -> FrozenModel:
    """Document of a pruned model with its development subjects in numbers."""
    found = model.required_estimates()
    predictor = Predictor.of(model)
    predictors = predictor.predictors(rows)
    score = predictor.scored(rows, 1)["score"].dropna()
    timed = plan.kind != "binary"
    kept = [name for name in moving(found) if name in predictors]
    values = {
        "name": plan.name,
        "label": plan.name.title(),
        "intended_use": "Adults with a tumour, before surgery.",
        "origin": Origin(study="Small study", source="fitted", development="all"),
        "outcome": OutcomeInput(
            kind="prognostic" if timed else "diagnostic",
            label="Survival" if timed else "Recurrence",
            at_days=AT_DAYS if timed else [],
        ),
        "specification": plan,
        "model": model,
        "features": {one: feature_input(one) for one in feature_names(found.columns)},
        "covariates": {
            name: one
            for name, one in COVARIATES.items()
            if any(c.startswith(f"covariate.{name}") for c in found.columns)
        },
        "applicability": Applicability(
            **compared(predictors[kept]),
            batches=known_batches(found),
            acquisition={"CT": {"Manufacturer": ["Maker A", "Maker B"]}},
            readers=["human"],
            smallest_region={"CT.tumour": 512.0},
        ),
        "scores": ScoreDistribution(
            n=len(score), mean=float(score.mean()), sd=float(score.std(ddof=1))
        ),
        "expected": [
            ExpectedPerformance(
                metric="c_index" if timed else "auc",
                scheme="loso",
                estimate=0.71,
                lower=0.6,
                upper=0.8,
                method="logit, influence",
                n=model.n_development,
                n_events=model.n_events,
            )
        ],
        "population": Population(
            n=model.n_development,
            n_events=model.n_events,
            groups={"A": 30, "B": 30, "C": 30},
            covariates={"age": {"mean": 60.0, "sd": 10.0, "n": 80.0}},
        ),
    }
    return with_equation(FrozenModel.of(**{**values, **changes}))
