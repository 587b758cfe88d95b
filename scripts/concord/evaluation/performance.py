"""Discrimination of every arm, fold by fold, with intervals."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd

from ..folds.scheme import require_evaluated
from ..statistics.outcome_kinds import OutcomeKind
from .fold_values import FoldValues, is_by_group, of_arm, scored_rows, size_ratios
from .intervals import Interval, logit_interval


def performance(
    predictions: pd.DataFrame, fits: pd.DataFrame, kind: OutcomeKind, confidence: float
) -> pd.DataFrame:
    """Discrimination of every arm and scheme as a table of kind "performance".

    Metrics are computed in each fold and averaged; scores of different folds
    are never compared, except in the rows "group=<name>" of repeated
    cross-validation, where a fold holds too few subjects of one group.
    """
    require_evaluated(fits, "fits")
    require_evaluated(predictions, "predictions")
    scored, rows = scored_rows(predictions), []
    for (arm, scheme), table in predictions.groupby(["arm", "scheme"], sort=True):
        mine = of_arm(scored, str(arm), str(scheme))
        ratios = size_ratios(predictions, fits, str(arm), str(scheme))
        head = {
            "endpoint": table["endpoint"].iloc[0],
            "arm": arm,
            "scheme": scheme,
            "metric": kind.metric,
        }
        strata = _strata(mine, ratios, str(scheme), kind, confidence)
        for stratum, part, n_folds, interval in strata:
            rows.append(
                {**head, "stratum": stratum, "n_folds": n_folds}
                | _counts(part)
                | asdict(interval)
            )
    return pd.DataFrame(rows)


def _strata(
    table: pd.DataFrame,
    ratios: pd.Series,
    scheme: str,
    kind: OutcomeKind,
    confidence: float,
) -> Iterator[tuple[str, pd.DataFrame, int, Interval]]:
    """(stratum, its rows, folds with a value, estimate) of one arm and scheme."""
    overall = FoldValues.of(table, ratios, kind.pairs)
    found = _mean(overall, table, scheme, kind, confidence)
    yield "all", table, overall.n_defined, found
    if not is_by_group(scheme):
        within = FoldValues.of(table, ratios, kind.pairs_within_groups)
        text = "mean over folds of pairs within groups"
        yield (
            "within",
            table,
            within.n_defined,
            _bounded(within.resampled(confidence, text)),
        )
    for name in sorted(set(table["group"])):
        part = table[table["group"] == name]
        estimate, n_defined = _of_group(part, kind, confidence)
        yield f"group={name}", part, n_defined, estimate


def _mean(
    folds: FoldValues,
    table: pd.DataFrame,
    scheme: str,
    kind: OutcomeKind,
    confidence: float,
) -> Interval:
    """Mean over folds with the interval that suits the metric and scheme."""
    if is_by_group(scheme):
        return _bounded(folds.over_groups(confidence, "mean over groups left out"))
    if not kind.error_from_scores:
        return _bounded(folds.resampled(confidence, "mean over folds"))
    errors = [kind.standard_error(rows) for _, rows in table.groupby("repeat")]
    known = [error for error in errors if np.isfinite(error)]
    se = float(np.mean(known)) if known else np.nan
    method = f"mean over folds; {kind.error_name} SE on the logit scale"
    return logit_interval(folds.mean, se, confidence, folds.method(method))


def _bounded(interval: Interval) -> Interval:
    lower, upper = np.clip([interval.lower, interval.upper], 0.0, 1.0)
    return Interval(interval.estimate, float(lower), float(upper), interval.method)


def _of_group(
    table: pd.DataFrame, kind: OutcomeKind, confidence: float
) -> tuple[Interval, int]:
    """One group, its folds pooled within each repeat, averaged over repeats."""
    repeats = [rows for _, rows in table.groupby("repeat")]
    values = [kind.pairs(rows).value for rows in repeats]
    errors = [kind.standard_error(rows) for rows in repeats]
    known = np.isfinite(values)
    mean = float(np.mean(np.array(values)[known])) if known.any() else np.nan
    se = float(np.mean(np.array(errors)[known])) if known.any() else np.nan
    pooled = "folds pooled, mean over repeats"
    method = f"{pooled}; {kind.error_name} SE on the logit scale"
    n_folds = len(table[["repeat", "fold"]].drop_duplicates()) if known.any() else 0
    return logit_interval(mean, se, confidence, method), n_folds


def _counts(table: pd.DataFrame) -> dict[str, int]:
    subjects = table.drop_duplicates("subject_id")
    return {"n": len(subjects), "n_events": int(subjects["event"].sum())}
