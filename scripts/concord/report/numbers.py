"""Numbers as the report prints them; what is missing is said, never hidden."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

UNDEFINED = "not defined"
NONE = "\N{EN DASH}"


def decimal(value: Any, digits: int = 2) -> str:
    """A number with a fixed number of digits and a true minus sign."""
    if value is None or pd.isna(value):
        return UNDEFINED
    text = f"{float(value):.{digits}f}"
    unsigned = text.lstrip("-")
    negative = text.startswith("-") and float(text) != 0
    return f"\N{MINUS SIGN}{unsigned}" if negative else unsigned


def p_value(value: Any) -> str:
    """A p-value with three digits, or that it is smaller."""
    return "< 0.001" if value < 0.001 else decimal(value, 3)


def interval(row: Any, digits: int = 2) -> str:
    """An estimate with its interval, as 0.68 (0.60 to 0.75).

    Without bounds, the reason in `row`, which need not have one, takes their place.
    """
    estimate = decimal(row["estimate"], digits)
    if estimate == UNDEFINED:
        return estimate
    if pd.isna(row["lower"]) and pd.isna(row["upper"]):
        reason = row.get("reason")
        return f"{estimate} ({'no interval' if pd.isna(reason) else reason})"
    bounds = [decimal(row[key], digits) for key in ("lower", "upper")]
    return f"{estimate} ({bounds[0]} to {bounds[1]})"


def share(part: int, whole: int) -> str:
    """A count with its percentage of a whole, as 12 of 60 (20 %)."""
    return f"{part} of {whole} ({percent(part, whole)})" if whole else f"{part} of 0"


def percent(part: float, whole: float) -> str:
    """A share in whole percent; 0 % and 100 % only if it is exactly that."""
    if not whole:
        return UNDEFINED
    rounded = round(100 * part / whole)
    if rounded == 100 and part < whole:
        return "> 99 %"
    if rounded == 0 and part > 0:
        return "< 1 %"
    return f"{rounded} %"


def median_quartiles(values: Any, digits: int = 2) -> str:
    """Median and quartiles of the values that are there."""
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").dropna()
    if numbers.empty:
        return UNDEFINED
    quartiles = np.percentile(numbers.to_numpy(dtype=float), [50, 25, 75])
    middle, low, high = (decimal(value, digits) for value in quartiles)
    return f"{middle} ({low} to {high})"


def spread(values: Any, digits: int = 1) -> str:
    """The range of the values that are there; one number if they are equal."""
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").dropna()
    if numbers.empty:
        return NONE
    low, high = decimal(numbers.min(), digits), decimal(numbers.max(), digits)
    return low if low == high else f"{low} to {high}"


def distinct(values: Any, most: int = 4) -> str:
    """The distinct texts that are there with their counts, the commonest first."""
    counts = pd.Series(values).dropna().astype(str).value_counts()
    if counts.empty:
        return NONE
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) == 1:
        return str(ordered[0][0])
    shown = [f"{name} ({count})" for name, count in ordered[:most]]
    hidden = len(ordered) - len(shown)
    return ", ".join(shown + ([f"{hidden} others"] if hidden else []))


def listed(words: Iterable[str]) -> str:
    """Words in a sentence: a, b and c."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def plural(count: int, noun: str) -> str:
    """A count with its noun, as 1 fit or 2 fits."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def counted(row: Any) -> str:
    """Subjects and events behind a value, as n = 60, 24 events."""
    return f"n = {row['n']}, {plural(int(row['n_events']), 'event')}"


def listed_methods(rows: pd.DataFrame) -> str:
    """Methods behind the defined estimates of a table, each once.

    The columns `estimate` and `method` are read; remarks on undefined folds are
    left out, as the tables count folds.
    """
    methods = rows.loc[rows["estimate"].notna(), "method"].dropna()
    parts = (
        ", ".join(p for p in text.split("; ") if not p.endswith("undefined"))
        for text in methods
    )
    return "; ".join(sorted(set(parts)))
