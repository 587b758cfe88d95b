"""Calibration of a model before its updates, and after them, as found in two ways.

Of the subjects that an update was learnt from, observed and expected events agree by
construction; only subjects of other folds say how it does.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...frozen.updating import kinds
from ..probabilities.calibration_table import calibration
from ..probabilities.judged import parts
from ..probabilities.overall import overall
from ..sealed.expected import in_the_large, observed_to_expected
from .judged_updates import HELD_OUT, WHOLE, Judge, risks_of
from .metrics import (
    APPARENT,
    BEFORE,
    BRIER_SCORE,
    CROSS_VALIDATED,
    ICI,
    LARGE,
    RATIO,
    SLOPE,
)

_METRICS = (LARGE, SLOPE, RATIO, BRIER_SCORE, ICI)
_STAGES = (BEFORE, APPARENT, CROSS_VALIDATED)
#: What an update makes right among the subjects that it was learnt from.
BY_CONSTRUCTION = "as an update makes it among those that it was learnt from"
FOLLOW_UP = "events expected within each follow-up"
OVER_REPEATS = "; mean over repeats, error of one of them"
#: Columns of table kind "calibration" of each metric: estimate, lower, upper.
_CALIBRATION = {
    LARGE: ("intercept", "intercept_lower", "intercept_upper"),
    SLOPE: ("slope", "slope_lower", "slope_upper"),
    RATIO: ("observed_expected", "oe_lower", "oe_upper"),
    ICI: ("ici", None, None),
}


def performance(
    judge: Judge, predictions: pd.DataFrame, confidence: float
) -> list[dict[str, Any]]:
    """Rows of kind "update_performance" without the arm.

    Parameters
    ----------
    judge : Judge
    predictions : DataFrame
        From `Judge.predictions`.
    confidence : float
        Level of the intervals.
    """
    has_times, name = judge.subjects.kind.has_times, judge.subjects.kind.name
    risks = risks_of(predictions, judge.days)
    rows = list(_of_follow_up(predictions, confidence)) if has_times else []
    if not has_times or len(risks):
        judged = list(parts(predictions, risks, has_times))
        rows += _calibrated(calibration(judged, confidence))
        rows += _squared(overall(judged, kinds.NONE, confidence))
    known = [row for row in rows if row["stage"] is not None]
    return sorted(known, key=lambda row: _place(row, kinds.ladder(name)))


def _place(row: dict[str, Any], ladder: Sequence[str]) -> tuple[float, ...]:
    """Order of the rows: horizon, update, stage, metric."""
    days = row["horizon_days"]
    return (
        -1.0 if np.isnan(days) else float(days),
        ladder.index(row["update"]),
        _STAGES.index(row["stage"]),
        _METRICS.index(row["metric"]),
    )


def _stage(update: str, scheme: str) -> str | None:
    """Stage of a value; None of the model as it is, which is told once already."""
    if update == kinds.NONE:
        return BEFORE if scheme == WHOLE else None
    return CROSS_VALIDATED if scheme == HELD_OUT else APPARENT


def _head(row: Any) -> dict[str, Any]:
    update, scheme = str(row["arm"]), str(row["scheme"])
    names = ("horizon_days", "n", "n_events", "method", "reason")
    told = {name: row[name] for name in names}
    return {"update": update, "stage": _stage(update, scheme)} | told


def _calibrated(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Calibration in the large, slope, O:E and ICI."""
    for _, row in table.iterrows():
        for metric, names in _CALIBRATION.items():
            estimate, low, high = (row[n] if n else np.nan for n in names)
            found = _head(row) | {
                "metric": metric,
                "estimate": estimate,
                "lower": low,
                "upper": high,
                "by_chance": row["ici_expected"] if metric == ICI else np.nan,
            }
            yield _constructed(found, np.isnan(row["horizon_days"]))


def _squared(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Brier score, and its difference to that of the model as it is."""
    for _, row in table[table["metric"] == BRIER_SCORE].iterrows():
        bounds = ("difference", "difference_lower", "difference_upper")
        names = ("estimate", "lower", "upper", *bounds)
        yield _head(row) | {"metric": BRIER_SCORE} | {one: row[one] for one in names}


def _constructed(row: dict[str, Any], of_events: bool) -> dict[str, Any]:
    """The row, without an interval where the value is what the update made it."""
    update, metric = row["update"], row["metric"]
    made = metric in (LARGE, RATIO) or (metric == SLOPE and kinds.learns_slope(update))
    if row["stage"] != APPARENT or not (made and of_events):
        return row
    return row | {"lower": np.nan, "upper": np.nan, "reason": BY_CONSTRUCTION}


def _of_follow_up(
    predictions: pd.DataFrame, confidence: float
) -> Iterator[dict[str, Any]]:
    """Observed and expected events within each follow-up, of a time to an event."""
    for (update, scheme), rows in predictions.groupby(["arm", "scheme"], sort=False):
        repeats = [mine for _, mine in rows.groupby("repeat", sort=True)]
        for metric, of in ((LARGE, in_the_large), (RATIO, observed_to_expected)):
            found = [_interval(of, mine, confidence) for mine in repeats]
            first, several = found[0], len(found) > 1
            told = {
                "arm": update,
                "scheme": scheme,
                "horizon_days": np.nan,
                "n": len(repeats[0]),
                "n_events": int((repeats[0]["event"] == 1).sum()),
                "method": f"{FOLLOW_UP}; {first.method}{OVER_REPEATS * several}",
                "reason": first.reason,
            }
            values = np.array([[o.estimate, o.lower, o.upper] for o in found])
            names = ("estimate", "lower", "upper")
            means = dict(zip(names, _mean(values, metric).tolist(), strict=True))
            yield _constructed(_head(told) | {"metric": metric} | means, True)


def _interval(of: Any, rows: pd.DataFrame, confidence: float) -> Any:
    return of(
        (rows["event"] == 1).to_numpy(dtype=float),
        rows["expected"].to_numpy(dtype=float),
        np.ones(len(rows)),
        rows["cluster"].to_numpy(dtype=object),
        True,
        confidence,
    )


def _mean(values: np.ndarray, metric: str) -> np.ndarray:
    """Mean over repeats of estimate and bounds, (3,); of a ratio on the log scale."""
    if metric == RATIO:
        return np.asarray(np.exp(np.log(values).mean(axis=0)))
    return np.asarray(values.mean(axis=0))


def defined(rows: Sequence[dict[str, Any]], stage: str) -> list[dict[str, Any]]:
    """Rows of a stage with an estimate."""
    return [r for r in rows if r["stage"] == stage and np.isfinite(r["estimate"])]
