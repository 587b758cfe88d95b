"""Words for values of calibration: with interval, at a horizon, or undefined."""

from typing import Any

import pandas as pd

from ....folds.scheme import CV, LOSO
from ... import numbers as n
from ...results import Results

#: Beginning of the strata that are groups.
GROUP = "group="


def why(row: Any) -> str:
    return n.UNDEFINED if pd.isna(row["reason"]) else str(row["reason"])


def when(row: Any) -> str:
    days = row["horizon_days"]
    return "" if pd.isna(days) else f", at {days:g} days"


def value(row: Any, name: str) -> str:
    """An estimate with its interval, or that it is not defined."""
    bounds = {"lower": row[f"{name}_lower"], "upper": row[f"{name}_upper"]}
    return n.interval({"estimate": row[name], **bounds})


def ratio(row: Any) -> str:
    bounds = {"lower": row["oe_lower"], "upper": row["oe_upper"]}
    return n.interval({"estimate": row["observed_expected"], **bounds})


def of_headline(results: Results, kind: str, endpoint: str) -> pd.DataFrame:
    return results.of(kind, endpoint=endpoint, arm=results.headline)


def main_scheme(rows: pd.DataFrame) -> str:
    """Scheme that sentences speak of: the cross-validation, or what there is."""
    names = set(rows["scheme"])
    return CV.name if CV.name in names or not names else str(sorted(names)[0])


def scheme_apart(rows: pd.DataFrame) -> str:
    """Scheme by which groups are told apart: each left out, if that was done."""
    return LOSO.name if (rows["scheme"] == LOSO.name).any() else main_scheme(rows)
