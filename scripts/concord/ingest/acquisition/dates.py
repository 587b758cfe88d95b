"""Dates of scans: kept among the private files, told elsewhere only as differences.

A date never stands in a sidecar, a table of results or a log. `convert_image` writes it
below `private/`, which stays in the hospital; the acquisition table has the days since
the subject's baseline, and the table of drift has nothing but the order of the scans.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from ..dicom import header as hd
from ..dicom import times
from ..faults.rows import IMAGE_KEYS, Row

#: Where `read_series` puts the time of the scan; taken out before anything is written.
SCANNED = "scanned"
_FORMAT = "%Y%m%d%H%M%S"


def scanned(headers: Sequence[Any]) -> str | None:
    """Date and time of the earliest slice as YYYYMMDDHHMMSS; None without a date."""
    for which in ("Acquisition", "Series", "Study"):
        found = [time for time in map(_dated(which), headers) if time is not None]
        if found:
            return f"{min(found, key=_on_the_clock):{_FORMAT}}"
    return None


def separated(
    images: Iterable[Row],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of table kind "images" without the scan time, and those of "dates"."""
    images = list(images)
    dates = [
        {key: row[key] for key in IMAGE_KEYS} | {SCANNED: row.get(SCANNED)}
        for row in images
    ]
    return [{k: v for k, v in row.items() if k != SCANNED} for row in images], dates


def days_since_baseline(dates: pd.DataFrame, baseline_session: str) -> pd.Series:
    """Days from the subject's first scan of the baseline session to each scan.

    Parameters
    ----------
    dates : DataFrame
        Table kind "dates".

    Returns
    -------
    Series of Int64
        In the order of the rows; missing where either date is missing.
    """
    days = pd.to_datetime(dates[SCANNED].str[:8], format="%Y%m%d")
    at_baseline = days.where(dates["session"] == baseline_session)
    first = at_baseline.groupby(dates["subject_id"]).transform("min")
    return (days - first).dt.days.astype("Int64")


def order_of_scanning(dates: pd.DataFrame) -> pd.Series:
    """Place of each scan among those of its site and image, from 1 (float64).

    Scans of one moment share the mean place; scans without a date have none.
    """
    times = pd.to_datetime(dates[SCANNED], format=_FORMAT)
    return times.groupby([dates["site"], dates["image"]]).rank()


def _dated(which: str) -> Any:
    """A reader of date and time, if the header has a date."""

    def read(header: Any) -> datetime | None:
        found = hd.or_none(times.moment, header, which, "Series", True)
        return None if found is None or found.date() == times.NO_DAY else found

    return read


def _on_the_clock(time: datetime) -> datetime:
    return time.replace(tzinfo=None)
