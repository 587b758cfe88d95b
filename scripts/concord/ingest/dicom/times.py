"""Dates and times of DICOM headers, with their zones: the one parser of all of them.

Times of a header are those of the clock of the scanner. Its zone is told by
TimezoneOffsetFromUTC, or by an AcquisitionDateTime with a zone that agrees with
AcquisitionDate and AcquisitionTime. A time whose zone is known is aware, others are
naive; the two kinds never mix within one comparison.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from pydicom import Dataset

from . import header as hd

#: Stands for the day if a file has no dates; only differences count.
NO_DAY = date(1900, 1, 1)

_DAY = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})")
_CLOCK = re.compile(r"(\d{2})(?::?(\d{2})(?::?(\d{2})(\.\d*)?)?)?")
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")
_DATE_TIME = re.compile(r"(\d{8})(\d[\d.]*)?([+-]\d{2}:?\d{2})?")

#: No zone of the earth is further from UTC.
_FURTHEST = timedelta(hours=14)


def day(text: str | None) -> date | None:
    """A date (DA), such as 20200131; None if it is none."""
    found = _DAY.fullmatch((text or "").strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def clock(text: str | None, roughly: bool = False) -> timedelta | None:
    """A time (TM) as the time since midnight; None if it is none of DICOM.

    A time of hours alone is none either, unless it is to be known `roughly` only.
    """
    found = _CLOCK.fullmatch((text or "").strip())
    if not found or (found[2] is None and not roughly):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    # A leap second is the 61st.
    if hours > 23 or minutes > 59 or seconds > 60:
        return None
    fraction = float(f"0{found[4] or '.'}0")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds + fraction)


def offset(text: str | None) -> timezone | None:
    """A zone such as +0100; None if it is none."""
    found = _ZONE.fullmatch((text or "").strip())
    if not found:
        return None
    apart = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if apart > _FURTHEST:
        return None
    return timezone(apart if found[1] == "+" else -apart)


def date_time(text: str | None) -> tuple[date, timedelta | None, timezone | None]:
    """Date, time and zone (DT); time and zone are None where the text has none.

    Raises
    ------
    ValueError
        If the text is no date and time; its own text is not quoted.
    """
    found = _DATE_TIME.fullmatch((text or "").strip())
    then = day(found[1]) if found else None
    if not found or then is None:
        raise ValueError("no date and time of DICOM")
    time, zone = clock(found[2]), offset(found[3])
    if (found[2] and time is None) or (found[3] and zone is None):
        raise ValueError("no date and time of DICOM")
    return then, time, zone


def at(then: date, time: timedelta, zone: timezone | None = None) -> datetime:
    """The moment of a date and a time since midnight."""
    return datetime(then.year, then.month, then.day, tzinfo=zone) + time


def zone_of(header: Dataset) -> timezone | None:
    """Zone of the clock that a header's times are told by; None if unknown."""
    told = offset(hd.text(header, "TimezoneOffsetFromUTC"))
    if told is not None:
        return told
    try:
        then, time, zone = date_time(hd.text(header, "AcquisitionDateTime"))
    except ValueError:
        return None
    own = day(hd.text(header, "AcquisitionDate"))
    same = (then, time) == (own, clock(hd.text(header, "AcquisitionTime")))
    return zone if same else None


def moment(
    header: Dataset, which: str, or_day_of: str = "", roughly: bool = False
) -> datetime | None:
    """Date and time of ``"Series"``, ``"Acquisition"`` and the like.

    Parameters
    ----------
    or_day_of : str
        Takes the date of this one where its own is absent, such as ``"Series"``.
    roughly : bool
        Take a time of hours alone.

    Returns
    -------
    datetime or None
        None without a time, or if it is none of DICOM. Without any date, on `NO_DAY`.
    """
    text, then = hd.text(header, f"{which}Time"), hd.text(header, f"{which}Date")
    if text is None:
        return _of_date_time(header, which)
    time = clock(text, roughly)
    then = then or (hd.text(header, f"{or_day_of}Date") if or_day_of else None)
    found = NO_DAY if then is None else day(then)
    if time is None or found is None:
        return None
    return at(found, time, zone_of(header))


def moments(headers: Sequence[Dataset], which: str) -> list[datetime] | None:
    """`moment` of each of some headers; None if they cannot be compared.

    That is so if one lacks a time, if some tell a date or a zone and others do not,
    and without dates if the times lie so far apart that midnight may be between them.
    """
    found = [moment(header, which) for header in headers]
    known = [time for time in found if time is not None]
    if len(known) < len(found) or not known or not comparable(known):
        return None
    undated = known[0].date() == NO_DAY
    if undated and max(known) - min(known) > timedelta(hours=12):
        return None
    return known


def comparable(found: Sequence[datetime]) -> bool:
    """True if all moments tell a date and a zone, or none does."""
    kinds = {(time.date() == NO_DAY, time.tzinfo is None) for time in found}
    return len(kinds) == 1


def _of_date_time(header: Dataset, which: str) -> datetime | None:
    """The moment of AcquisitionDateTime on the scanner's clock; None of others."""
    if which != "Acquisition":
        return None
    try:
        then, time, zone = date_time(hd.text(header, f"{which}DateTime"))
    except ValueError:
        return None
    if time is None:
        return None
    own = zone_of(header)
    if zone is None or own is None:
        # Times of one series tell their zones alike, so that they can be compared.
        return at(then, time, own or zone)
    return at(then, time, zone).astimezone(own)
