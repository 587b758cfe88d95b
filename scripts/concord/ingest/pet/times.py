"""Times of a PET scan: of the injection, of the decay correction, of each slice."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydicom import Dataset

from ...errors import IngestFault
from ..dicom import header as hd
from .header import private_text, tracer

#: Times that should agree may differ by this many seconds (rounding).
SAME_TIME_S = 1.0

#: Two entries for the injection that differ by more are noted.
SAME_INJECTION_S = 60.0

#: Stands for the day if a file has no dates; only differences count.
_NO_DATE = "19000101"
_MIDNIGHT = datetime(1900, 1, 1)

_GE_SCAN_TIME = (0x0009, 0x0D, "GEMS_PETD_01", "GE")


def reference_time(
    headers: Sequence[Dataset], half_life_s: float
) -> tuple[datetime, str]:
    """The time to which DecayCorrection START refers, and where it was found.

    In this order: the scanner's own scan time (GE); the time computed back from
    AcquisitionTime and FrameReferenceTime, if all slices give the same one;
    SeriesTime. None of them may be after the earliest acquisition.

    Raises
    ------
    IngestFault
        PET_REFERENCE_TIME if none of them is usable.
    """
    private = set(map(_scan_time, headers))
    scan = private.pop() if len(private) == 1 else None
    started = acquisitions(headers)
    earliest = min(started)
    latest = earliest + timedelta(seconds=SAME_TIME_S)
    if scan is not None and scan <= latest:
        return scan, "scan time of GE"
    back = _computed_back(headers, started, half_life_s)
    if back is not None and back <= latest:
        return back, "FrameReferenceTime"
    series = moment(headers[0], "Series")
    if series is None:
        raise _fault("SeriesTime is absent")
    if series > latest:
        late_s = (series - earliest).total_seconds()
        raise _fault(f"SeriesTime is {late_s:.0f} s after the earliest AcquisitionTime")
    return series, "SeriesTime"


def injection_time(
    tracer: Dataset, reference: datetime
) -> tuple[datetime, tuple[str, ...]]:
    """The time of injection and notes; a clock time after the scan is yesterday's."""
    complete = hd.text(tracer, "RadiopharmaceuticalStartDateTime")
    clock = hd.text(tracer, "RadiopharmaceuticalStartTime")
    if complete is not None:
        found = _parsed(complete, "RadiopharmaceuticalStartDateTime")
        return found, _other_clock(found, clock)
    if clock is None:
        raise _no_injection_time()
    day = f"{reference:%Y%m%d}"
    found = _parsed(day + clock.replace(":", ""), "RadiopharmaceuticalStartTime")
    if found > reference:
        return found - timedelta(days=1), ("INJECTION_DAY_BEFORE",)
    return found, ()


def require_injection_time(headers: Sequence[Dataset]) -> None:
    """Raise PET_MISSING if the header contains no time of injection."""
    item = tracer(headers)
    keywords = ("RadiopharmaceuticalStartDateTime", "RadiopharmaceuticalStartTime")
    if not any(hd.text(item, keyword) for keyword in keywords):
        raise _no_injection_time()


def _no_injection_time() -> IngestFault:
    return IngestFault(
        "PET_MISSING",
        "RadiopharmaceuticalStartTime and RadiopharmaceuticalStartDateTime are absent "
        "(the time of injection). Ask for a complete export.",
    )


def _other_clock(found: datetime, clock: str | None) -> tuple[str, ...]:
    """A note if the clock time of the injection is not that of its date and time."""
    if clock is None:
        return ()
    day = f"{found:%Y%m%d}"
    other = _parsed(day + clock.replace(":", ""), "RadiopharmaceuticalStartTime")
    apart_s = abs((other - found).total_seconds())
    if min(apart_s, 86_400 - apart_s) <= SAME_INJECTION_S:
        return ()
    return (
        "INJECTION_TIMES_DIFFER RadiopharmaceuticalStartTime is "
        f"{apart_s / 60:.0f} min from RadiopharmaceuticalStartDateTime, which was used",
    )


def moment(header: Dataset, which: str) -> datetime | None:
    """Date and time of ``"Series"`` or ``"Acquisition"``; None without a time."""
    clock = hd.text(header, f"{which}Time")
    if clock is None:
        return None
    day = hd.text(header, f"{which}Date") or hd.text(header, "SeriesDate") or _NO_DATE
    return _parsed(day.replace(".", "") + clock.replace(":", ""), f"{which}Time")


def clock_time(header: Dataset, keyword: str) -> timedelta | None:
    """A DICOM time as the time since midnight; None if absent or unreadable."""
    clock = hd.text(header, keyword)
    try:
        found = _parsed(_NO_DATE + (clock or "").replace(":", ""), keyword)
    except IngestFault:
        return None
    return found - _MIDNIGHT if clock else None


def mean_activity_time_s(duration_s: float, half_life_s: float) -> float:
    """When, after the start of a frame, the activity equals the frame's mean.

    Parameters
    ----------
    duration_s : float
        Duration of the frame, in s; 0 gives 0.
    half_life_s : float
        Half-life of the radionuclide, in s.
    """
    decay = math.log(2) / half_life_s * duration_s
    if decay <= 0:
        return 0.0
    return duration_s / decay * math.log(decay / -math.expm1(-decay))


def acquisitions(headers: Sequence[Dataset]) -> list[datetime]:
    """AcquisitionTime of every slice, with its date."""
    found = [moment(header, "Acquisition") for header in headers]
    present = [time for time in found if time is not None]
    if len(present) < len(found):
        raise _fault("AcquisitionTime is absent")
    return present


def _computed_back(
    headers: Sequence[Dataset], acquisitions: Sequence[datetime], half_life_s: float
) -> datetime | None:
    """Acquisition + mean activity time - FrameReferenceTime, if all slices agree."""
    found = []
    for header, acquisition in zip(headers, acquisitions, strict=True):
        reference_ms = hd.number(header, "FrameReferenceTime")
        duration_ms = hd.number(header, "ActualFrameDuration")
        if reference_ms is None or duration_ms is None:
            return None
        mean_s = mean_activity_time_s(duration_ms / 1000, half_life_s)
        found.append(acquisition + timedelta(seconds=mean_s - reference_ms / 1000))
    spread_s = (max(found) - min(found)).total_seconds()
    return min(found) if spread_s <= SAME_TIME_S else None


def _scan_time(header: Dataset) -> datetime | None:
    """The private scan time of GE scanners."""
    text = private_text(header, *_GE_SCAN_TIME)
    return _parsed(text, "private scan time of GE") if text else None


def _parsed(text: str, keyword: str) -> datetime:
    """A DICOM date and time, YYYYMMDDHHMM[SS[.FFFFFF]]; the zone is left off."""
    whole, _, fraction = text.split("+")[0].split("-")[0].partition(".")
    try:
        start = datetime.strptime(whole.ljust(14, "0"), "%Y%m%d%H%M%S")
        return start + timedelta(seconds=float(f"0.{fraction or 0}"))
    except ValueError:
        # The parser's own text would quote the time.
        raise IngestFault(
            "PET_REFERENCE_TIME",
            f"{keyword} is not a DICOM time of at least hours and minutes. Repair the "
            "header.",
        ) from None


def _fault(reason: str) -> IngestFault:
    return IngestFault(
        "PET_REFERENCE_TIME",
        f"the time of the decay correction cannot be told: {reason}, and "
        "FrameReferenceTime gives no single time at or before it. Ask for an export "
        "with the original times.",
    )
