"""Days between two dates of a sheet; no date leaves this module, not in a message."""

import re
from datetime import date

import pandas as pd

#: A date, perhaps with a time of day behind, which is left out.
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([T ][\d:.]*)?")
#: A date that lacks its day, or its day and month.
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")
REMEDY = " Cells of Excel that are dates are read as they should be."
EXPECTED = "a date as 2024-01-31 (year, month, day)"


def days_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole days from one date to another; NaN where one of them is not a date.

    Parameters
    ----------
    start, end : Series of str
        As `is_date` accepts; others give NaN.
    """
    first, last = (one.map(_ordinal).astype("Float64") for one in (start, end))
    return (last - first).astype(float)


def is_date(text: object) -> bool:
    """True for year, month and day of the calendar, perhaps with a time of day."""
    return not pd.isna(_ordinal(text))


def shape(text: object) -> str:
    """Shape of a cell without its content: digits are 0, letters a.

    Of a date that lacks its day, the words for it.
    """
    told = str(text).strip()
    if _PARTIAL.fullmatch(told):
        return "a date without its day"
    letters = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "0", told))
    return repr(letters[:20])


def _ordinal(text: object) -> float:
    found = _ISO.fullmatch(str(text).strip())
    try:
        return float(date.fromisoformat(found.group(1)).toordinal()) if found else _NAN
    except ValueError:
        return _NAN


_NAN = float("nan")
