"""Claims that an interval allows: shown, shown to be small, not shown."""

from typing import Any

import pandas as pd

from ....folds.scheme import EVALUATED
from ... import numbers as n

#: Differences below these are called small, whatever they are good for.
SMALL = {"auc": 0.02, "c_index": 0.02, "net_benefit": 0.01}


def verdict(lower: Any, upper: Any, small: float, digits: int = 2) -> str:
    """End of a sentence that begins with what is claimed, from its interval alone."""
    if pd.isna(lower) or pd.isna(upper):
        return "cannot be judged without an interval"
    if lower > 0:
        return "is shown"
    if upper < 0:
        return "is not there: the interval lies below zero"
    if upper < small:
        return f"is shown to be small (at most {n.decimal(upper, digits)})"
    return "is not shown"


def first_scheme(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first scheme that there is, cross-validation before others."""
    for kind in EVALUATED:
        found = rows[rows["scheme"] == kind.name]
        if len(found):
            return found
    return rows.iloc[:0]


def at(horizon: Any) -> str:
    """Words for a time at which risks are judged; none of a binary outcome."""
    return "" if pd.isna(horizon) else f" at {float(horizon):g} days"
