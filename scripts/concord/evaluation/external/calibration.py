"""Calibration of one arm and population beside what calibrated predictions have."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...frozen.document import FrozenModel
from ...statistics.external.bounds import Bounded
from . import expected, rows
from .rows import line

#: Quantity, column of the estimate, columns of its bounds, and the value expected.
_PARTS = (
    (rows.IN_THE_LARGE, "intercept", "intercept", 0.0),
    (rows.SLOPE, "slope", "slope", 1.0),
    (rows.RATIO, "observed_expected", "oe", 1.0),
)
#: Words for where an expected value comes from.
IDEAL, BY_CHANCE = "calibrated predictions", "calibrated predictions, by chance"
NO_RISK = "no probability or risk to calibrate"


def calibration_rows(
    table: pd.DataFrame, document: FrozenModel
) -> Iterator[dict[str, Any]]:
    """Rows of calibration of all subjects, at each horizon.

    Parameters
    ----------
    table : DataFrame
        Kind "calibration" of one arm, scheme fixed.
    document : FrozenModel
        Its expected slope stands in the place of 1, if it tells one.
    """
    whole = table[table["stratum"] == "all"]
    if whole.empty:
        yield line(rows.IN_THE_LARGE, Bounded(0.0), reason=NO_RISK)
        return
    for _, row in whole.sort_values("horizon_days").iterrows():
        yield from _at(row, document)


def _at(row: pd.Series, document: FrozenModel) -> Iterator[dict[str, Any]]:
    """Rows of one horizon, or of an outcome without times."""
    head = {name: row[name] for name in ("horizon_days", "n", "n_events")}
    head |= {"method": row["method"], "reason": row["reason"]}
    for quantity, column, bounds, ideal in _PARTS:
        wanted, source = Bounded(ideal, ideal, ideal), IDEAL
        days = float(row["horizon_days"])
        told = expected.slope(document, days) if quantity == rows.SLOPE else None
        if told is not None:
            wanted, source = expected.bounded(told), told.scheme
        ends = (row[f"{bounds}_{side}"] for side in ("lower", "upper"))
        found = Bounded(float(row[column]), *map(float, ends))
        change = found.minus(wanted)
        yield line(quantity, wanted, found, change, expected_from=source, **head)
    wanted, found = Bounded(float(row["ici_expected"])), Bounded(float(row["ici"]))
    change = found.minus(wanted)
    yield line(rows.ICI, wanted, found, change, expected_from=BY_CHANCE, **head)
