"""Proof that evaluation subjects leave no trace in what is learnt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .. import provenance
from .design import Plan, Study, feature_names
from .fitting import Measure, fit_development, repeated_measurements
from .pipeline import estimates

#: Spread of the noise that replaces features, in units of the feature itself.
NOISE = 1e6

Learn = Callable[[Study, list[str], Plan, Measure], dict[str, Any]]


def learnt(
    whole: Study, development: list[str], plan: Plan, measure: Measure
) -> dict[str, Any]:
    """Estimates of an arm from the development subjects of a study."""
    return estimates(fit_development(whole.only(development), plan, measure))


def attacks(whole: Study, evaluation: list[str], seed: int) -> dict[str, Study]:
    """The study with its evaluation subjects poisoned in several ways."""
    generator = np.random.default_rng(seed)
    features = feature_names(whole.predictors.columns)
    shape = (len(evaluation), len(features))
    noise = NOISE * generator.standard_normal(shape)
    shuffled = list(generator.permutation(evaluation))
    others = [name for name in whole.predictors.index if name not in set(evaluation)]
    return {
        "noise": _with_features(whole, evaluation, features, noise),
        "missing": _with_features(whole, evaluation, features, np.nan),
        "permuted outcome": _with_outcome(whole, evaluation, shuffled),
        "flipped outcome": _flipped(whole, evaluation),
        "removed": whole.only(others),
    }


def changed_hashes(
    whole: Study,
    development: list[str],
    evaluation: list[str],
    plan: Plan,
    seed: int,
    measure: Measure = repeated_measurements,
    learn: Learn = learnt,
) -> dict[str, bool]:
    """Whether each attack changed what was learnt; honest code changes nothing."""
    honest = provenance.digest(learn(whole, development, plan, measure))
    return {
        name: provenance.digest(learn(poisoned, development, plan, measure)) != honest
        for name, poisoned in attacks(whole, evaluation, seed).items()
    }


def _with_features(
    whole: Study, subjects: list[str], features: list[str], values: Any
) -> Study:
    """New feature values, in the predictors and in all measurements."""
    predictors = whole.predictors.copy()
    predictors.loc[subjects, features] = values
    measurements = whole.measurements.copy()
    rows = measurements["subject_id"].isin(subjects)
    columns = list(measurements.select_dtypes("float64").columns)
    generator = np.random.default_rng(len(subjects))
    poison = NOISE * generator.standard_normal((int(rows.sum()), len(columns)))
    measurements.loc[rows, columns] = poison
    return replace(whole, predictors=predictors, measurements=measurements)


def _with_outcome(whole: Study, subjects: list[str], sources: list[str]) -> Study:
    outcome = whole.outcome.copy()
    outcome.loc[subjects] = whole.outcome.loc[sources].to_numpy()
    return replace(whole, outcome=outcome)


def _flipped(whole: Study, subjects: list[str]) -> Study:
    outcome = whole.outcome.copy()
    outcome.loc[subjects, "event"] = 1.0 - outcome.loc[subjects, "event"]
    return replace(whole, outcome=outcome)
