"""The time of the injection: by its date and time, by its clock time, or by both."""

import math
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pydicom import Dataset

from ...errors import Finding, IngestFault
from ..dicom import header as hd
from ..dicom import times
from .header import tracer

#: Two entries for the injection that differ by less are the same.
SAME_INJECTION_S = 60.0

#: Largest share by which two times of injection may change the SUV unasked.
SAME_SUV = 0.05

#: With less than 1/32 of the tracer left, a time of the header is wrong.
LONGEST_UPTAKE_HALF_LIVES = 5.0

#: No uptake is longer, where the half-life is not known.
LONGEST_UPTAKE = timedelta(days=1)

_COMPLETE, _CLOCK = "RadiopharmaceuticalStartDateTime", "RadiopharmaceuticalStartTime"
_DAY = timedelta(days=1)


class Injection(NamedTuple):
    """A time of injection, notes on it, and what must be accepted to use it."""

    time: datetime
    notes: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()


def injection(
    header: Dataset, reference: datetime, half_life_s: float | None
) -> Injection:
    """The time of injection of the tracer of a header.

    RadiopharmaceuticalStartDateTime comes first. RadiopharmaceuticalStartTime, which
    has no date, is taken as the last such time before the scan. If both are there
    and lead to another SUV, the one that can be is taken, and the other named.

    Parameters
    ----------
    reference : datetime
        Time of the scan, aware if the zone of its clock is known.
    half_life_s : float or None
        Of the radionuclide; without one, any uptake up to a day can be.

    Raises
    ------
    IngestFault
        PET_MISSING without a time, PET_REFERENCE_TIME if it is none of DICOM or has
        no time of day, PET_TIME_ZONE if its zone cannot be compared with the scan's.
    """
    complete = hd.text(tracer([header]), _COMPLETE)
    last = _last_before(hd.text(tracer([header]), _CLOCK), reference)
    if complete is None:
        if last is None:
            raise no_injection_time()
        is_day_before = last.date() < reference.date()
        return Injection(last, ("INJECTION_DAY_BEFORE",) if is_day_before else ())
    told = _complete(complete, last, header, reference)
    return (
        Injection(told) if last is None else _of_two(told, last, reference, half_life_s)
    )


def can_be(uptake: timedelta, half_life_s: float | None) -> bool:
    """True if a scan may begin so long after the injection."""
    return timedelta(0) <= uptake <= longest_uptake(half_life_s)


def longest_uptake(half_life_s: float | None) -> timedelta:
    """Five half-lives; a day if the half-life is not known."""
    if half_life_s is None:
        return LONGEST_UPTAKE
    return timedelta(seconds=LONGEST_UPTAKE_HALF_LIVES * half_life_s)


def require_injection_time(headers: list[Dataset]) -> None:
    """Raise PET_MISSING if the header contains no time of injection."""
    item = tracer(headers)
    if not any(hd.text(item, keyword) for keyword in (_COMPLETE, _CLOCK)):
        raise no_injection_time()


def no_injection_time() -> IngestFault:
    """The fault of a header without a time of injection."""
    return IngestFault(
        "PET_MISSING",
        f"{_CLOCK} and {_COMPLETE} are absent (the time of injection). Ask for a "
        "complete export.",
    )


def _last_before(text: str | None, reference: datetime) -> datetime | None:
    """The last moment at or before the scan that shows a clock time."""
    if text is None:
        return None
    clock = times.clock(text)
    if clock is None:
        raise _no_time(_CLOCK, "is no DICOM time of at least hours and minutes")
    found = times.at(reference.date(), clock, reference.tzinfo)  # type: ignore[arg-type]
    return found if found <= reference else found - _DAY


def _complete(
    text: str, last: datetime | None, header: Dataset, reference: datetime
) -> datetime:
    """The date and time of the injection, to be compared with those of the scan."""
    try:
        then, clock, zone = times.date_time(text)
    except ValueError:
        raise _no_time(_COMPLETE, "is no date and time of DICOM") from None
    if clock is None:
        return _dated(then, last)
    if zone is None:
        own = times.zone_of(header) or reference.tzinfo
        return times.at(then, clock, own)  # type: ignore[arg-type]
    if reference.tzinfo is not None:
        return times.at(then, clock, zone)
    told = times.at(then, clock)
    if last is None or _apart_on_the_clock(told, last) > SAME_INJECTION_S:
        raise IngestFault(
            "PET_TIME_ZONE",
            f"{_COMPLETE} names a zone and TimezoneOffsetFromUTC, the zone of the "
            "scanner's clock, is absent, so that the time from injection to scan is "
            "not known. Ask for an export with TimezoneOffsetFromUTC.",
        )
    return told


def _dated(then: date, last: datetime | None) -> datetime:
    """A date without a time of day, completed by the clock time of the injection."""
    if last is None:
        raise _no_time(
            _COMPLETE, "has a date and no time of day, and there is no other"
        )
    return last.replace(year=then.year, month=then.month, day=then.day)


def _of_two(
    told: datetime, last: datetime, reference: datetime, half_life_s: float | None
) -> Injection:
    """One of two times of injection, with what speaks against it."""
    told_can_be = can_be(reference - told, half_life_s)
    if told_can_be and _apart_on_the_clock(told, last) <= SAME_INJECTION_S:
        return Injection(told)
    last_can_be = can_be(reference - last, half_life_s)
    used, keyword = (
        (last, _CLOCK) if last_can_be and not told_can_be else (told, _COMPLETE)
    )
    minutes = [(reference - time).total_seconds() / 60 for time in (told, last)]
    text = (
        f"the scan starts {minutes[0]:.0f} min after {_COMPLETE} and {minutes[1]:.0f} "
        f"min after {_CLOCK}"
    )
    note = f"INJECTION_TIMES_DIFFER {text}; {keyword} was used"
    if not last_can_be or _same_suv(abs(told - last), half_life_s):
        return Injection(used, (note,))
    advice = (
        f"Ask which is right; to use {keyword}, waive this for the subject "
        "(ingest.waive.PET_INJECTION_TIMES)"
    )
    conflict = Finding("PET_INJECTION_TIMES", f"{text}. {advice}.")
    return Injection(used, (note,), (conflict,))


def _same_suv(apart: timedelta, half_life_s: float | None) -> bool:
    if half_life_s is None:
        return False
    return math.exp2(apart.total_seconds() / half_life_s) <= 1 + SAME_SUV


def _apart_on_the_clock(first: datetime, second: datetime) -> float:
    """Seconds between two times of day, whatever the days."""
    apart_s = abs((first - second).total_seconds()) % _DAY.total_seconds()
    return min(apart_s, _DAY.total_seconds() - apart_s)


def _no_time(keyword: str, reason: str) -> IngestFault:
    return IngestFault("PET_REFERENCE_TIME", f"{keyword} {reason}. Repair the header.")
