"""Rows of the table of updates, and the performance that travels with a model."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...frozen.development import ExpectedPerformance
from ...frozen.updating import errors, kinds, warranted
from ...frozen.updating.documents import CROSS_VALIDATED as CROSS_VALIDATED_UPDATE
from ...frozen.updating.documents import note_of
from ...frozen.updating.learning import Learner, Learnt
from ...frozen.updating.subjects import Subjects
from ...statistics.updating.closed_test import Tested
from .metrics import CROSS_VALIDATED
from .performance import defined

_OTHERS = "hazard of other causes updated too, by {n} events of them"
_KEPT_OTHERS = "hazard of other causes kept: {n} events of them are too few"
_WEIGHTS = "weights for censoring are taken as given"


def counts(update: str, subjects: Subjects, learner: Learner) -> dict[str, Any]:
    """Subjects and events behind an update, and what it takes as given."""
    return {
        "update": update,
        "n": len(subjects),
        "n_events": subjects.n_events,
        "n_clusters": int(subjects.rows["cluster"].nunique()),
        "n_left_out": subjects.n_left_out,
        "note": _note(update, subjects, learner),
    }


def estimates(learnt: Learnt, subjects: Subjects, confidence: float) -> dict[str, Any]:
    """Line and factors with their intervals; nothing of the model as it is."""
    if learnt.update == kinds.NONE:
        return {}
    found = errors.bounds(learnt, subjects, confidence)
    pairs = {
        "intercept": found.intercept,
        "slope": found.slope,
        "hazard_factor": found.factor,
    }
    row: dict[str, Any] = {
        "intercept": np.nan if subjects.kind.has_times else learnt.line.intercept,
        "slope": learnt.line.slope,
        "hazard_factor": learnt.factor,
        "competing_factor": learnt.competing_factor,
        "method": found.method or None,
    }
    for name, (low, high) in pairs.items():
        row |= {f"{name}_lower": low, f"{name}_upper": high}
    return row


def tested(
    update: str, test: Tested | None, possible: Sequence[str], best: str
) -> dict[str, Any]:
    """Columns of the test of one update against the largest.

    Parameters
    ----------
    update : str
    test : Tested or None
    possible : sequence of str
        Updates that are tested, the largest last.
    best : str
        The update that is warranted.
    """
    row: dict[str, Any] = {"warranted": int(update == best)}
    if test is None:
        largest = update == possible[-1]
        return row | {"test": "the largest" if largest else warranted.NOT_TESTED}
    return row | {
        "statistic": test.statistic,
        "df": test.df,
        "largest": possible[-1],
        "p_value": test.p_value,
        "test": test.method,
    }


def expected(
    rows: Sequence[dict[str, Any]], update: str, n: int
) -> Iterator[ExpectedPerformance]:
    """Performance of an updated model as it was cross-validated."""
    for row in defined(rows, CROSS_VALIDATED):
        if row["update"] != update:
            continue
        days = row["horizon_days"]
        at = "" if np.isnan(days) else f"_at_{days:g}_days"
        yield ExpectedPerformance(
            metric=f"{row['metric']}{at}",
            scheme=CROSS_VALIDATED_UPDATE,
            estimate=float(row["estimate"]),
            lower=_known(row["lower"]),
            upper=_known(row["upper"]),
            method=str(row["method"]),
            n=int(row["n"]),
            n_events=int(row["n_events"]),
            note=note_of(n),
        )


def _note(update: str, subjects: Subjects, learner: Learner) -> str | None:
    """Words for what an update takes as given."""
    told = [_WEIGHTS] if subjects.is_weighted else []
    if "cause" in subjects.rows and update != kinds.NONE:
        words = _OTHERS if learner.others_too else _KEPT_OTHERS
        told.append(words.format(n=int(subjects.had_other.sum())))
    return "; ".join(told) or None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
