"""Cells of a feature table as numbers: what is missing, and what is no number."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

#: Cells that count as missing in every table; compared without case.
MISSING = frozenset({"", "na", "nan", "n/a"})


class Numbers(NamedTuple):
    """One column: its values, and the cells that are not finite numbers."""

    values: np.ndarray  # float64, NaN where the cell is no finite number
    undefined: dict[int, str]  # row -> what stands there, for cells without value
    wrong: dict[int, str]  # row -> what stands there, for cells that are no number


def numbers(column: pd.Series, missing: Sequence[str] = ()) -> Numbers:
    """A column of cells as float64.

    Parameters
    ----------
    column : Series
        Text, or numbers of any width.
    missing : sequence of str
        Further cells that count as missing.
    """
    if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
        values = column.to_numpy(dtype="float64", na_value=np.nan)
        return _of_values(values.copy())
    absent = MISSING.union(word.strip().lower() for word in missing)
    values = np.full(len(column), np.nan)
    undefined: dict[int, str] = {}
    wrong: dict[int, str] = {}
    for row, cell in enumerate(column.tolist()):
        text = _text(cell)
        if text.lower() in absent:
            undefined[row] = text
            continue
        number = _number(text)
        if number is None:
            wrong[row] = text
        elif math.isinf(number):
            undefined[row] = text
        else:
            values[row] = number
    return Numbers(values, undefined, wrong)


def text_of(column: pd.Series) -> list[str]:
    """Cells of a column as text without blanks around it; empty if missing."""
    texts = [_text(cell) for cell in column.tolist()]
    return ["" if text.lower() in MISSING else text for text in texts]


def _of_values(values: np.ndarray) -> Numbers:
    """Numbers that a typed file holds; infinite ones are undefined."""
    rows = np.flatnonzero(~np.isfinite(values))
    undefined = {int(row): "" if np.isnan(values[row]) else "inf" for row in rows}
    values[rows] = np.nan
    return Numbers(values, undefined, {})


def _text(cell: Any) -> str:
    return "" if cell is None or cell is pd.NA else str(cell).strip()


def _number(text: str) -> float | None:
    """A decimal number as the nearest float64; None if the text is none."""
    if "_" in text:  # Python would read 1_000.
        return None
    try:
        return float(text)
    except ValueError:
        return None
