"""Tolerances for converting the segmentations of one subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...errors import IngestFault
from ..faults.collecting import is_waived, waived_note
from ..settings import MaskSettings, SegmentationSettings

#: Faults of segmentations that a study may waive for a subject.
_WAIVABLE = (
    "CONTOUR_GAP",
    "CONTOUR_OUTSIDE",
    "RT_FRAME_OF_REFERENCE",
    "SEG_FRAME_OF_REFERENCE",
)


@dataclass(frozen=True)
class SegmentationOptions:
    """Tolerances of the study, and the faults that it waives for one subject."""

    tolerances: SegmentationSettings = field(default_factory=SegmentationSettings)
    waived: frozenset[str] = field(default_factory=frozenset)  # codes
    max_voxels: int = MaskSettings().max_voxels


def options_of(settings: MaskSettings, subject_id: str) -> SegmentationOptions:
    """The options of one subject, from the section `ingest`."""
    waived = frozenset(c for c in _WAIVABLE if is_waived(settings, c, subject_id))
    return SegmentationOptions(settings, waived, settings.max_voxels)


def outside_notes(
    share: float, extent: str, options: SegmentationOptions
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
    text = f"{share:.1%} of the segmented volume lies outside the image: {extent}"
    largest_share = options.tolerances.mask_checks.largest_share_outside
    if share <= largest_share:
        return (f"PARTLY_OUTSIDE {text}",)
    if "CONTOUR_OUTSIDE" in options.waived and share < 1:
        return (waived_note("CONTOUR_OUTSIDE", text),)
    raise IngestFault(
        "CONTOUR_OUTSIDE",
        f"{text}; at most {largest_share:.1%} is accepted "
        "(ingest.mask_checks.largest_share_outside). The segmentation belongs to "
        "another or a larger image.",
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
