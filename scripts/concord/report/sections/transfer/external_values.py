"""Values of external validation as they are printed."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ....folds.scheme import KINDS
from ... import numbers as n
from ...results import Results

DEBRAY = "Debray et al. 2015, doi:10.1016/j.jclinepi.2014.06.018"


@dataclass(frozen=True)
class Compared:
    """Rows of one model and population, by their quantity."""

    population: str
    rows: pd.DataFrame

    def of(self, quantity: str) -> Any:
        """Row of a quantity that each model has once."""
        return self.rows.loc[quantity]


def compared(
    results: Results, endpoint: str, arm: str, population: str
) -> Compared | None:
    """Rows of one model and population; None if there are none."""
    rows = results.of("external", endpoint=endpoint, arm=arm, population=population)
    once = rows.drop_duplicates("quantity").set_index("quantity")
    return None if once.empty else Compared(population, once)


def bounded(row: Any, name: str) -> str:
    """A value with its interval; of a chance band or an ideal, what there is of it."""
    value, lower, upper = (row[f"{name}{end}"] for end in ("", "_lower", "_upper"))
    if pd.isna(value):
        return n.UNDEFINED
    if pd.isna(lower) or pd.isna(upper) or lower == upper:
        return n.decimal(value)
    return f"{n.decimal(value)} ({n.decimal(lower)} to {n.decimal(upper)})"


def source(row: Any) -> str:
    """Scheme of validation that an expected value is of, in words."""
    name = row["expected_from"]
    if pd.isna(name):
        return "development"
    known = KINDS.get(str(name))
    words = str(name).replace("_", " ") if known is None else known.label.lower()
    return f"{words} in development"


def when(row: Any) -> str:
    """Time of a risk, if it has one."""
    days = row["horizon_days"]
    return "" if pd.isna(days) else f", at {days:g} days"
