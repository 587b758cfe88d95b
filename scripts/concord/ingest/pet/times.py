"""Times of a PET scan: of the decay correction, and of each slice."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydicom import Dataset

from ...errors import IngestFault
from ..dicom import header as hd
from ..dicom import times
from .header import private_text

#: Times that should agree may differ by this many seconds (rounding).
SAME_TIME_S = 1.0

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
    is_known = scan is not None and times.comparable([scan, earliest])
    if scan is not None and is_known and scan <= latest:
        return scan, "scan time of GE"
    back = _computed_back(headers, started, half_life_s)
    if back is not None and back <= latest:
        return back, "FrameReferenceTime"
    series = times.moment(headers[0], "Series")
    if series is None:
        raise _fault("SeriesTime is absent, or no time of hours and minutes")
    if not times.comparable([series, earliest]):
        raise _fault("SeriesDate is absent, or told without the zone of the slices")
    if series > latest:
        late_s = (series - earliest).total_seconds()
        raise _fault(f"SeriesTime is {late_s:.0f} s after the earliest AcquisitionTime")
    return series, "SeriesTime"


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
    """AcquisitionTime of every slice, with its date and, if it is known, its zone.

    Raises
    ------
    IngestFault
        PET_REFERENCE_TIME if one is absent or incomplete, or if only some tell a date
        or a zone.
    """
    found = [times.moment(header, "Acquisition", "Series") for header in headers]
    present = [time for time in found if time is not None]
    if len(present) < len(found):
        raise _fault("AcquisitionTime is absent, or no time of hours and minutes")
    if not times.comparable(present):
        raise _fault(
            "AcquisitionDate or TimezoneOffsetFromUTC is in some of the slices only"
        )
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
    """The private scan time of GE scanners; None if it cannot be compared."""
    try:
        then, clock, zone = times.date_time(private_text(header, *_GE_SCAN_TIME))
    except ValueError:
        return None
    own = times.zone_of(header)
    if clock is None or (zone is not None and own is None):
        return None
    return times.at(then, clock, zone or own)


def _fault(reason: str) -> IngestFault:
    return IngestFault(
        "PET_REFERENCE_TIME",
        f"the time of the decay correction cannot be told: {reason}, and "
        "FrameReferenceTime gives no single time at or before it. Ask for an export "
        "with the original times.",
    )
