"""The null band: the whole loop again with outcomes that mean nothing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from ..errors import ConfigError, StudyError
from ..evaluation.discrimination import concordance, metric_of
from . import folds as folding
from .design import Plan, study, target
from .fitting import Measure, repeated_measurements
from .pipeline import build, halves

SCHEME = "cv-1"


@dataclass(frozen=True)
class _Prepared:
    """A fold after all steps that are blind to the outcome."""

    development: pd.DataFrame
    evaluation: pd.DataFrame
    supervised: Pipeline


def null_band(
    cohort: pd.DataFrame,
    features: pd.DataFrame,
    folds: pd.DataFrame,
    plan: Plan,
    n_permutations: int,
    seed: int,
    measure: Measure = repeated_measurements,
) -> pd.DataFrame:
    """Mean fold metric after permuting outcomes within groups, as kind "null".

    Event and time move together, among subjects whose outcome is known and
    whose features are there. Harmonization, filters and scaling do not see the
    outcome, so they are fitted once per fold; selection and model are fitted
    anew for each permutation.

    Raises
    ------
    ConfigError
        If no fold can be prepared; NaN estimates mean that no fold had a
        defined metric.
    """
    whole = study(cohort, features, plan)
    whole = whole.only(whole.learnable())
    prepared = _prepare(whole, folding.select(folds, SCHEME), plan, measure)
    groups = whole.predictors["group"].to_numpy()
    rows = []
    for permutation in range(1, n_permutations + 1):
        generator = np.random.default_rng([seed, permutation])
        order = within_group_permutation(groups, generator)
        outcome = whole.outcome.iloc[order].set_axis(whole.outcome.index)
        values = [_metric(fold, outcome, plan) for fold in prepared]
        defined = [value for value in values if np.isfinite(value)]
        rows.append(
            {
                "endpoint": plan.endpoint,
                "arm": plan.arm,
                "permutation": permutation,
                "metric": metric_of(plan.kind),
                "estimate": float(np.mean(defined)) if defined else np.nan,
            }
        )
    return pd.DataFrame(rows)


def within_group_permutation(
    groups: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Row numbers shuffled inside each group, shape (n,)."""
    order = np.arange(len(groups))
    for name in sorted(set(groups)):
        mine = np.flatnonzero(groups == name)
        order[mine] = generator.permutation(mine)
    return order


def _prepare(
    whole, chosen: pd.DataFrame, plan: Plan, measure: Measure
) -> list[_Prepared]:
    prepared, reasons = [], []
    for _, development, evaluation in folding.splits(chosen):
        known = whole.only(development)
        columns = list(known.predictors.columns)
        chain = build(columns, plan, measure(known.measurements, plan))
        blind, supervised = halves(chain)
        try:
            rows = blind.fit_transform(known.predictors)
            held_out = blind.transform(whole.only(evaluation).predictors)
        except StudyError as error:
            reasons.append(str(error))
            continue
        prepared.append(_Prepared(rows, held_out, supervised))
    if not prepared:
        raise ConfigError(f"the null band of arm {plan.arm!r}: {reasons[0]}")
    return prepared


def _metric(fold: _Prepared, outcome: pd.DataFrame, plan: Plan) -> float:
    """Metric of one fold under permuted outcomes; NaN if the fit fails."""
    y = target(outcome.loc[fold.development.index], plan.kind)
    try:
        model = clone(fold.supervised).fit(fold.development, y)
    except StudyError:
        return float("nan")
    held_out = outcome.loc[fold.evaluation.index]
    time = held_out["time_days"].to_numpy() if plan.kind == "survival" else None
    score = model.decision_function(fold.evaluation)
    return concordance(held_out["event"].to_numpy(), score, time).value
