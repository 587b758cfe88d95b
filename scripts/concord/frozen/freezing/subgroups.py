"""Performance in subgroups that the evaluation found, as a frozen model tells it."""

from typing import Any

import pandas as pd

from ..development import SubgroupPerformance

_FIELDS = tuple(SubgroupPerformance.model_fields)
_COUNTS = ("n", "n_events")


def subgroup_performance(
    table: pd.DataFrame, arm: str, smallest_cell: int = 0
) -> list[SubgroupPerformance]:
    """Rows of an arm; none of fewer subjects or events than may be told.

    Parameters
    ----------
    table : DataFrame
        Kind "subgroups" of the endpoint; without rows if none were asked for.
    arm : str
        The arm.
    smallest_cell : int
        Counts of fewer people are left out, with their row.
    """
    if not len(table):
        return []
    own = table[(table["arm"] == arm) & (table["level"] != "all")]
    small = (own["n"] < smallest_cell) | (own["n_events"] < smallest_cell)
    small |= own["n"] - own["n_events"] < smallest_cell
    rows = own[~small.fillna(True)]
    return [
        SubgroupPerformance(**{name: _plain(name, row[name]) for name in _FIELDS})
        for _, row in rows.iterrows()
    ]


def _plain(name: str, value: Any) -> Any:
    if pd.isna(value):
        return None
    if name in _COUNTS:
        return int(value)
    return str(value) if isinstance(value, str) else float(value)
