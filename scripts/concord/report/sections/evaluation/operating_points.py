"""Operating points: thresholds chosen in development, and what they reach on others."""

from typing import Any

import pandas as pd

from ....evaluation.discrimination.calls import PROBABILITY
from ....figures import labels
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results
from ...small_cells.words import HIDDEN

_SHARES = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "Positive predictive value",
    "npv": "Negative predictive value",
}
_LEARNT = (
    " Thresholds stand on the scores that a model gives its own development subjects, "
    "which look better than new ones (those of fused arms on scores out of inner "
    "folds): a sensitivity that was asked for is seldom reached."
)


def points_table(results: Results, points: pd.DataFrame, overall: bool) -> Table | None:
    """Operating points of all arms, or those of each group of the headline arm."""
    rows = points[(points["stratum"] == "all") == overall]
    if not overall:
        rows = rows[rows["arm"] == results.headline]
    if rows.empty:
        return None
    title = "Operating points on evaluation subjects"
    return table(
        title if overall else f"{title}, headline arm by group",
        [
            "Arm" if overall else "Group",
            "Scheme",
            "Threshold",
            *_SHARES.values(),
            "High",
            "Events",
        ],
        [_row(results, row, overall) for row in in_order(results, rows)],
        _note(results, rows),
        folded=not overall,
        shows="operating_points" if overall else "",
    )


def _row(results: Results, row: dict[str, Any], overall: bool) -> list[str]:
    group = str(row["stratum"]).removeprefix("group=")
    return [
        results.arm_label(row["arm"]) if overall else group,
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        _threshold(row),
        *_shares(row, results.settings.report.smallest_cell),
        f"{row['n_events']} of {row['n']}",
    ]


def _note(results: Results, rows: pd.DataFrame) -> str:
    """Method of the intervals, and what thresholds were chosen on."""
    learnt = (rows["rule"] != PROBABILITY).any()
    return (
        f"{results.confidence} Wilson intervals count the subjects of one repeat and "
        f"take models and thresholds as given.{_LEARNT if learnt else ''} Predictive "
        "values hold at the share of events of this study."
    )


def _threshold(row: dict[str, Any]) -> str:
    """Rule of a threshold, and the day of a risk."""
    words = labels.operating_point(row)
    if pd.isna(row["horizon_days"]):
        return words
    return f"{words} by day {row['horizon_days']:g}"


def _shares(row: dict[str, Any], smallest: int) -> list[str]:
    """Shares with intervals, then the share of high subjects.

    Those that tell a count of fewer people than `smallest` are hidden.
    """
    high, events = 0.0 if pd.isna(row["high"]) else row["high"], row["n_events"]
    wholes = {
        "sensitivity": events,
        "specificity": row["n"] - events,
        "ppv": high * row["n"],
        "npv": (1 - high) * row["n"],
    }
    told = [
        HIDDEN if _tells(row[name], whole, smallest) else _share(row, name)
        for name, whole in wholes.items()
    ]
    called = n.NONE if pd.isna(row["high"]) else n.percent(high, 1)
    return [*told, HIDDEN if _tells(high, row["n"], smallest) else called]


def _tells(share: float, whole: float, smallest: int) -> bool:
    """True if a share tells that few people, but not none, are or are not counted."""
    parts = (share * whole, (1 - share) * whole)
    return (
        smallest > 1
        and not pd.isna(share)
        and any(0 < round(part) < smallest for part in parts if not pd.isna(part))
    )


def _share(row: dict[str, Any], name: str) -> str:
    if pd.isna(row[name]):
        return n.UNDEFINED
    bounds = {end: row[f"{name}_{end}"] for end in ("lower", "upper")}
    return n.interval({"estimate": row[name], **bounds})


def in_order(results: Results, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by scheme and by arm in the order of all tables, then as they stand."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    ordered = placed.sort_values(["scheme", "place"], kind="stable")
    return [{str(k): v for k, v in row.items()} for row in ordered.to_dict("records")]
