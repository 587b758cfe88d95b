"""Times of a PET scan: of the injection, and of the decay correction."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydicom import Dataset

from ..errors import IngestFault
from . import header as hd

#: Times that should agree may differ by this many seconds (rounding).
SAME_TIME_S = 1.0

#: Stands for the day if a file has no dates; only differences count.
_NO_DATE = "19000101"

_GE_CREATOR, _GE_SCAN_TIME = "GEMS_PETD_01", 0x0D


def reference_time(
    headers: Sequence[Dataset], half_life_s: float
) -> tuple[datetime, str]:
    """The time to which DecayCorrection START refers, and where it was found.

    In this order: the scanner's own scan time (GE); the time computed back from
    AcquisitionTime and FrameReferenceTime, if all slices give the same one and
    it is not after the earliest acquisition; SeriesTime, if it is not after the
    earliest acquisition either.

    Raises
    ------
    IngestFault
        PET_REFERENCE_TIME if none of them is usable.
    """
    private = set(map(_scan_time, headers))
    scan = private.pop() if len(private) == 1 else None
    if scan is not None:
        return scan, "scan time of GE"
    found = [moment(header, "Acquisition") for header in headers]
    acquisitions = [time for time in found if time is not None]
    if len(acquisitions) < len(found):
        raise _fault("AcquisitionTime is absent")
    earliest = min(acquisitions)
    back = _computed_back(headers, acquisitions, half_life_s)
    if back is not None and back <= earliest + timedelta(seconds=SAME_TIME_S):
        return back, "FrameReferenceTime"
    series = moment(headers[0], "Series")
    if series is None:
        raise _fault("SeriesTime is absent")
    if series > earliest + timedelta(seconds=SAME_TIME_S):
        late_s = (series - earliest).total_seconds()
        raise _fault(f"SeriesTime is {late_s:.0f} s after the earliest AcquisitionTime")
    return series, "SeriesTime"


def injection_time(
    tracer: Dataset, reference: datetime
) -> tuple[datetime, tuple[str, ...]]:
    """The time of injection and notes; a clock time after the scan is yesterday's."""
    complete = hd.text(tracer, "RadiopharmaceuticalStartDateTime")
    if complete is not None:
        return _parsed(complete, "RadiopharmaceuticalStartDateTime"), ()
    clock = hd.text(tracer, "RadiopharmaceuticalStartTime")
    if clock is None:
        raise IngestFault(
            "PET_MISSING",
            "RadiopharmaceuticalStartTime and RadiopharmaceuticalStartDateTime are "
            "absent (the time of injection). Ask for a complete export.",
        )
    day = f"{reference:%Y%m%d}"
    found = _parsed(day + clock.replace(":", ""), "RadiopharmaceuticalStartTime")
    if found > reference:
        return found - timedelta(days=1), ("INJECTION_DAY_BEFORE",)
    return found, ()


def moment(header: Dataset, which: str) -> datetime | None:
    """Date and time of ``"Series"`` or ``"Acquisition"``; None without a time."""
    clock = hd.text(header, f"{which}Time")
    if clock is None:
        return None
    day = hd.text(header, f"{which}Date") or hd.text(header, "SeriesDate") or _NO_DATE
    return _parsed(day.replace(".", "") + clock.replace(":", ""), f"{which}Time")


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
    try:
        found = header.private_block(0x0009, _GE_CREATOR)[_GE_SCAN_TIME].value
    except KeyError:
        return None
    name = f"private scan time of {_GE_CREATOR}"
    text = found.decode() if isinstance(found, bytes) else str(found)
    return _parsed(text.strip("\0 "), name) if text else None


def _parsed(text: str, keyword: str) -> datetime:
    """A DICOM date and time, YYYYMMDDHHMM[SS[.FFFFFF]]; the zone is left off."""
    whole, _, fraction = text.split("+")[0].split("-")[0].partition(".")
    try:
        start = datetime.strptime(whole.ljust(14, "0"), "%Y%m%d%H%M%S")
        return start + timedelta(seconds=float(f"0.{fraction or 0}"))
    except ValueError as error:
        raise IngestFault(
            "PET_REFERENCE_TIME",
            f"{keyword} is not a DICOM time of at least hours and minutes. Repair the "
            "header.",
        ) from error


def _fault(reason: str) -> IngestFault:
    return IngestFault(
        "PET_REFERENCE_TIME",
        f"the time of the decay correction cannot be told: {reason}, and "
        "FrameReferenceTime gives no single time at or before it. Ask for an export "
        "with the original times.",
    )
