"""Discrimination of every arm, fold by fold, with intervals."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd

from ..folds.scheme import require_evaluated
from ..statistics.outcome_kinds import OutcomeKind
from .calibration import Calibration, Calibrations
from .fold_errors import share_interval
from .fold_values import (
    FoldValues,
    Key,
    is_by_group,
    of_arm,
    planned_folds,
    scored_rows,
    sets_of,
)


def performance(
    predictions: pd.DataFrame,
    fits: pd.DataFrame,
    kind: OutcomeKind,
    confidence: float,
    calibrations: Calibrations,
) -> pd.DataFrame:
    """Discrimination of every arm and scheme as a table of kind "performance".

    Metrics are computed in each fold and averaged; scores of different folds are never
    compared. One group has too few subjects in a fold of a repeated cross-validation:
    its pairs are pooled over the folds of a repeat, each pair of one fold.
    """
    require_evaluated(fits, "fits")
    require_evaluated(predictions, "predictions")
    scored, rows = scored_rows(predictions), []
    for (arm, scheme), table in predictions.groupby(["arm", "scheme"], sort=True):
        name, part = str(arm), str(scheme)
        head = {
            "endpoint": table["endpoint"].iloc[0],
            "arm": arm,
            "scheme": scheme,
            "metric": kind.metric,
        }
        strata = _strata(
            of_arm(scored, name, part),
            planned_folds(fits, name, part),
            part,
            kind,
            confidence,
            calibrations.get(name, part),
        )
        rows += [head | row for row in strata]
    return pd.DataFrame(rows)


def _strata(
    table: pd.DataFrame,
    planned: list[Key],
    scheme: str,
    kind: OutcomeKind,
    confidence: float,
    calibration: Calibration,
) -> Iterator[dict[str, Any]]:
    """Stratum, counts and estimate of one arm and scheme."""
    by_group = is_by_group(scheme)
    overall = FoldValues.of(table, planned, kind.pairs)
    text = f"mean over {sets_of(scheme)}"
    found = share_interval(overall, calibration, confidence, text, by_group)
    yield (
        {"stratum": "all", "n_folds": overall.n_defined}
        | _counts(table)
        | asdict(found)
        | {"first_repeat": overall.first_repeat}
    )
    if not by_group:
        within = FoldValues.of(table, planned, kind.pairs_within_groups)
        text = f"mean over {sets_of(scheme)} of pairs within groups"
        found = share_interval(within, calibration, confidence, text)
        yield (
            {"stratum": "within", "n_folds": within.n_defined}
            | _counts(table)
            | asdict(found)
        )
    for name in sorted(set(table["group"])):
        part = table[table["group"] == name]
        yield {"stratum": f"group={name}"} | _of_group(
            part, kind, confidence, calibration
        )


def _of_group(
    table: pd.DataFrame, kind: OutcomeKind, confidence: float, calibration: Calibration
) -> dict[str, Any]:
    """Counts and estimate of one group."""
    text = "pairs of one group and fold"
    pooled = FoldValues.pooled(table, kind.pairs)
    found = share_interval(pooled, calibration, confidence, text)
    n_folds = _folds_with_pairs(table, kind)
    return {"n_folds": n_folds} | _counts(table) | asdict(found)


def _folds_with_pairs(table: pd.DataFrame, kind: OutcomeKind) -> int:
    folds = table.groupby(["repeat", "fold"])
    return sum(bool(kind.pairs(rows).pairs.any()) for _, rows in folds)


def _counts(table: pd.DataFrame) -> dict[str, int]:
    subjects = table.drop_duplicates("subject_id")
    return {"n": len(subjects), "n_events": int(subjects["event"].sum())}
