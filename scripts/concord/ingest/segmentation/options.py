"""How strictly outlines are taken: the part of section `ingest` about masks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import IngestFault
from ..faults.collecting import is_waived, waived_note

#: Faults of outlines that a study may waive for a subject.
_WAIVABLE = (
    "CONTOUR_GAP",
    "CONTOUR_OUTSIDE",
    "RT_FRAME_OF_REFERENCE",
    "SEG_FRAME_OF_REFERENCE",
)


@dataclass(frozen=True)
class OutlineOptions:
    """What the configuration says about the outlines of one subject."""

    tolerance: float = 0.25  # in slice spacings
    fill_gaps: str = "refuse"  # or "nearest", "interpolate"
    seg_threshold: float = 0.5  # of the maximum fractional value
    resample: str = "refuse"  # or "nearest"
    largest_share_outside: float = 0.01
    waived: frozenset[str] = field(default_factory=frozenset)  # codes


def options_of(settings: Mapping[str, Any], subject_id: str) -> OutlineOptions:
    """The options of one subject, from the section `ingest`."""
    return OutlineOptions(
        tolerance=settings["contour_tolerance"],
        fill_gaps=settings["fill_gaps"],
        seg_threshold=settings["seg_threshold"],
        resample=settings["resample_masks"],
        largest_share_outside=settings["mask_checks"]["largest_share_outside"],
        waived=frozenset(c for c in _WAIVABLE if is_waived(settings, c, subject_id)),
    )


def outside_notes(
    share: float, extent: str, options: OutlineOptions
) -> tuple[str, ...]:
    """A note if part of a mask lies outside its image; a fault if it is too much.

    Parameters
    ----------
    share : float
        Part of the voxels of the mask that lie outside, 0 to 1.
    extent : str
        Where the mask is and how large the image, for the message.

    Raises
    ------
    IngestFault
        CONTOUR_OUTSIDE.
    """
    if not share:
        return ()
    text = f"{share:.1%} of the outlined volume lies outside the image: {extent}"
    if share <= options.largest_share_outside:
        return (f"PARTLY_OUTSIDE {text}",)
    if "CONTOUR_OUTSIDE" in options.waived and share < 1:
        return (waived_note("CONTOUR_OUTSIDE", text),)
    raise IngestFault(
        "CONTOUR_OUTSIDE",
        f"{text}; at most {options.largest_share_outside:.1%} is accepted "
        "(ingest.mask_checks.largest_share_outside). The outline belongs to another or "
        "a larger image.",
    )


def extent_text(low: Sequence[int], high: Sequence[int], shape: Sequence[int]) -> str:
    """First and last voxel (slice, row, column) of a mask, and the image's size."""
    names = ("slices", "rows", "columns")
    parts = [
        f"{name} {first} to {last}"
        for name, first, last in zip(names, low, high, strict=True)
    ]
    sizes = [f"{size} {name}" for name, size in zip(names, shape, strict=True)]
    return (
        f"it extends over {', '.join(parts)}, counted from 0, and the image has "
        f"{', '.join(sizes)}"
    )
