"""Null distribution: the whole loop again under permuted outcomes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from ..errors import ConfigError, FitError, StudyError
from ..folds.scheme import Scheme
from ..folds.splitting import Split, SubjectRows, splits
from . import pipeline as pipelines
from .arm import ArmData, arm_data
from .chain import Pipeline
from .fitting import Measure, repeated_measurements
from .settings import ModelSpecification
from .unseen_batches import resolve_unseen_batches


@dataclass(frozen=True)
class _Prepared:
    """A fold after all steps that are blind to the outcome."""

    development: pd.DataFrame
    evaluation: pd.DataFrame
    supervised: Pipeline


def null_band(
    tables: SubjectRows,
    folds: pd.DataFrame,
    specification: ModelSpecification,
    n_permutations: int,
    seed: int,
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
) -> pd.DataFrame:
    """Mean fold metric after permuting outcomes within groups, as kind "null".

    Event and time move together, among subjects whose outcome is known and
    whose features are there. Harmonization, filters and scaling do not see the
    outcome, so they are fitted once per fold; selection and model are fitted
    anew for each permutation. Of each scheme, the first repeat is used.

    Raises
    ------
    ConfigError
        If no fold can be prepared; NaN estimates mean that no fold had a
        defined metric.
    """
    whole = arm_data(tables.cohort, tables.features, specification)
    whole = whole.only(whole.fittable())
    prepared = _all_prepared(
        whole, tables, folds, specification, phantom, measure, seed
    )
    groups = whole.predictors["group"].to_numpy()
    rows: list[dict[str, Any]] = []
    for permutation in range(1, n_permutations + 1):
        outcome = _permuted(whole.outcome, groups, [seed, permutation])
        for scheme, parts in prepared.items():
            values = [_metric(fold, outcome, specification) for fold in parts]
            defined = [value for value in values if np.isfinite(value)]
            rows.append(
                {
                    "endpoint": specification.endpoint,
                    "arm": specification.name,
                    "scheme": scheme,
                    "permutation": permutation,
                    "metric": specification.outcome.metric,
                    "estimate": float(np.mean(defined)) if defined else np.nan,
                }
            )
    table = pd.DataFrame(rows)
    return table.sort_values(["scheme", "permutation"], ignore_index=True)


def _permuted(
    outcome: pd.DataFrame, groups: np.ndarray, seed: list[int]
) -> pd.DataFrame:
    """Outcomes that changed places within groups; the subjects keep theirs."""
    order = within_group_permutation(groups, np.random.default_rng(seed))
    return outcome.iloc[order].set_axis(outcome.index)


def within_group_permutation(
    groups: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Row numbers shuffled inside each group, shape (n,)."""
    order = np.arange(len(groups))
    for name in sorted(set(groups)):
        mine = np.flatnonzero(groups == name)
        order[mine] = generator.permutation(mine)
    return order


def _all_prepared(
    whole: ArmData,
    tables: SubjectRows,
    folds: pd.DataFrame,
    specification: ModelSpecification,
    phantom: pd.DataFrame | None,
    measure: Measure,
    seed: int,
) -> dict[str, list[_Prepared]]:
    """Prepared folds by scheme; ConfigError if there are none."""
    found: dict[str, list[_Prepared]] = {}
    reasons = []
    for scheme in map(str, Scheme.first_repeats(folds)):
        for split in splits(tables, folds, scheme):
            try:
                fold = _prepared(whole, split, specification, phantom, measure, seed)
            except StudyError as error:
                reasons.append(str(error))
                continue
            found.setdefault(split.name.scheme, []).append(fold)
    if not found:
        raise ConfigError(f"the null band of arm {specification.name!r}: {reasons[0]}")
    return found


def _prepared(
    whole: ArmData,
    split: Split,
    specification: ModelSpecification,
    phantom: pd.DataFrame | None,
    measure: Measure,
    seed: int,
) -> _Prepared:
    known, held_out = (
        whole.only(side.cohort["subject_id"])
        for side in (split.development, split.evaluation)
    )
    pipeline = pipelines.build(
        list(known.predictors.columns),
        specification,
        measure(known.measurements, specification),
        phantom,
    )
    blind, supervised = pipelines.outcome_blind_and_supervised(pipeline)
    development = blind.fit_transform(known.predictors)
    rows = held_out.predictors
    harmonization = specification.harmonization
    if harmonization is not None and len(rows):
        k = harmonization.n_adapting or 0
        blind, reasons = resolve_unseen_batches(
            blind, rows, harmonization.unseen, k, seed
        )
        rows = rows[reasons.isna()]
    if rows.empty:
        raise FitError(f"no subject of fold {split.name.stem} can be scored.")
    return _Prepared(development, blind.transform(rows), supervised)


def _metric(
    fold: _Prepared, outcome: pd.DataFrame, specification: ModelSpecification
) -> float:
    """Metric of one fold under permuted outcomes; NaN if the fit fails."""
    y = specification.outcome.target(outcome.loc[fold.development.index])
    try:
        model = clone(fold.supervised).fit(fold.development, y)
    except StudyError:
        return float("nan")
    held_out = outcome.loc[fold.evaluation.index]
    score = model.decision_function(fold.evaluation)
    return specification.outcome.pairs(held_out.assign(score=score)).value
