"""The null band: the whole loop again with outcomes that mean nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from ..errors import ConfigError, FitError, StudyError
from ..folds.splitting import Rows, Split, splits
from ..statistics.discrimination import concordance, metric_of
from . import pipeline as chains
from .arm import ArmData, arm_data, target
from .fitting import Measure, repeated_measurements
from .settings import ModelSpecification
from .unseen_batches import handled


@dataclass(frozen=True)
class _Prepared:
    """A fold after all steps that are blind to the outcome."""

    development: pd.DataFrame
    evaluation: pd.DataFrame
    supervised: Pipeline


def null_band(
    tables: Rows,
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
    whole = whole.only(whole.learnable())
    prepared = _all_prepared(
        whole, tables, folds, specification, phantom, measure, seed
    )
    groups = whole.predictors["group"].to_numpy()
    rows: list[dict[str, Any]] = []
    for permutation in range(1, n_permutations + 1):
        generator = np.random.default_rng([seed, permutation])
        order = within_group_permutation(groups, generator)
        outcome = whole.outcome.iloc[order].set_axis(whole.outcome.index)
        for scheme, parts in prepared.items():
            values = [_metric(fold, outcome, specification) for fold in parts]
            defined = [value for value in values if np.isfinite(value)]
            rows.append(
                {
                    "endpoint": specification.endpoint,
                    "arm": specification.name,
                    "scheme": scheme,
                    "permutation": permutation,
                    "metric": metric_of(specification.kind),
                    "estimate": float(np.mean(defined)) if defined else np.nan,
                }
            )
    table = pd.DataFrame(rows)
    return table.sort_values(["scheme", "permutation"], ignore_index=True)


def within_group_permutation(
    groups: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Row numbers shuffled inside each group, shape (n,)."""
    order = np.arange(len(groups))
    for name in sorted(set(groups)):
        mine = np.flatnonzero(groups == name)
        order[mine] = generator.permutation(mine)
    return order


def first_repeats(folds: pd.DataFrame) -> Iterator[str]:
    """Name of the first repeat of each scheme, as jobs name it."""
    for scheme in sorted(set(folds["scheme"])):
        yield f"{scheme}-1" if scheme == "cv" else scheme


def _all_prepared(
    whole: ArmData,
    tables: Rows,
    folds: pd.DataFrame,
    specification: ModelSpecification,
    phantom: pd.DataFrame | None,
    measure: Measure,
    seed: int,
) -> dict[str, list[_Prepared]]:
    """Prepared folds by scheme; ConfigError if there are none."""
    found: dict[str, list[_Prepared]] = {}
    reasons = []
    for scheme in first_repeats(folds):
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
    chain = chains.build(
        list(known.predictors.columns),
        specification,
        measure(known.measurements, specification),
        phantom,
    )
    blind, supervised = chains.halves(chain)
    development = blind.fit_transform(known.predictors)
    rows = held_out.predictors
    harmonization = specification.harmonization
    if harmonization is not None and len(rows):
        k = harmonization.n_adapting or 0
        blind, reasons = handled(blind, rows, harmonization.unseen, k, seed)
        rows = rows[reasons.isna()]
    if rows.empty:
        raise FitError(f"no subject of fold {split.name.stem} can be scored.")
    return _Prepared(development, blind.transform(rows), supervised)


def _metric(
    fold: _Prepared, outcome: pd.DataFrame, specification: ModelSpecification
) -> float:
    """Metric of one fold under permuted outcomes; NaN if the fit fails."""
    y = target(outcome.loc[fold.development.index], specification.kind)
    try:
        model = clone(fold.supervised).fit(fold.development, y)
    except StudyError:
        return float("nan")
    held_out = outcome.loc[fold.evaluation.index]
    time = (
        held_out["time_days"].to_numpy() if specification.kind == "survival" else None
    )
    score = model.decision_function(fold.evaluation)
    return concordance(held_out["event"].to_numpy(), score, time).value
