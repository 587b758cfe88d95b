"""Tables of patients that frozen models are applied to, and a document of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...models.thresholds import columns as threshold_columns
from .application import Outcome
from .distance import Distances
from .flags import NOT_APPLICABLE, named
from .ranges import chance
from .scoring import COUNTS

#: What a table of predictions tells of those alone whom the model applies to.
HIDDEN = (
    "score",
    "percentile",
    "risk_group",
    "probability",
    "risk",
    "lower",
    "upper",
)


def scores(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Every score and risk, also those that do not apply; kind "patient_scores"."""
    return _table(row for one in outcomes for row in _rows(one))


def predictions(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Scores and risks of those whom the models apply to.

    Kind "patient_predictions": whom a model does not apply to has a row with the
    reason, and neither score nor risk.
    """
    rows = scores(outcomes)
    learnt = [n for n in rows if n in COUNTS or str(n).startswith("threshold_")]
    table = rows.drop(columns=[*learnt, "adapted_by"])
    hidden = list(HIDDEN)
    void = table["status"] == NOT_APPLICABLE
    table[hidden] = table[hidden].mask(void)
    return table


def flags(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Every flag with the value seen and the value expected; kind "patient_flags"."""
    return _table(
        _keys(one)
        | {
            "flag": raised.flag,
            "severity": raised.severity,
            "voids": one.voids(raised),
            "item": raised.item,
            "seen": raised.seen,
            "expected": raised.expected,
        }
        for one in outcomes
        for raised in one.raised
    )


def _keys(one: Outcome) -> dict[str, Any]:
    document = one.applied.document
    return {
        "subject_id": one.subject,
        "site": one.site,
        "endpoint": document.endpoint,
        "arm": one.applied.arm,
        "model_hash": document.hash,
    }


def _rows(one: Outcome) -> Iterator[dict[str, Any]]:
    """One row per horizon; without horizons, one."""
    score, known = one.score, one.applied.document.applicability
    distances = Distances.of(known)
    for place, horizon in enumerate(one.horizons):
        yield _keys(one) | {
            "status": one.verdict.status,
            "reason": one.verdict.reason,
            "score": score.score,
            "percentile": score.percentile,
            "risk_group": score.risk_group,
            "probability": score.probability,
            "horizon_days": horizon,
            "risk": _at(score.risk, place),
            "lower": _at(score.lower, place),
            "upper": _at(score.upper, place),
            "n_samples": score.n_samples,
            "interval_reason": score.no_interval,
            "red_flags": named(one.raised, "red"),
            "amber_flags": named(one.raised, "amber"),
            "chance_out_of_range": chance(known.ranges),
            "chance_distance": np.nan if distances is None else distances.chance,
            **threshold_columns(one.applied.document.estimates.thresholds),
            **score.counts,
            "adapted_by": " ".join(score.adapted_by) or None,
        }


def _at(values: Sequence[float], place: int) -> float:
    return values[place] if place < len(values) else np.nan


def _table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))
