"""Segments and frames of a DICOM SEG file, as it describes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import highdicom
import numpy as np
from pydicom import Dataset

from ...errors import IngestFault
from ..dicom import header as hd
from ..dicom import parts
from ..dicom.frames import DicomFile, whole
from . import seg_sizes
from .rois import Candidate
from .seg_elements import completed, element_of, lacking


@dataclass(frozen=True)
class Segmentation:
    """A DICOM SEG file and the segments that it holds."""

    dataset: Any  # highdicom.seg.Segmentation
    candidates: tuple[Candidate, ...]
    frames: tuple["Frame", ...]


@dataclass(frozen=True)
class Frame:
    """One frame: its number, its segment, and its place in the patient.

    `affine` (3, 3) takes (column, row, 1) to an LPS point, in mm. In a label map a
    frame holds all segments, so `segment` is None.
    """

    number: int  # from 1
    segment: int | None
    affine: np.ndarray


def segmentation(file: DicomFile, max_voxels: int) -> Segmentation:
    """Read a DICOM SEG file.

    Parameters
    ----------
    max_voxels : int
        Largest number of voxels of all frames.

    Raises
    ------
    IngestFault
        SEG_UNREADABLE, NO_GEOMETRY, TOO_LARGE or SURPLUS_PIXELS.
    """
    seg_sizes.require_sound(file, max_voxels)
    try:
        complete = completed(whole(file))
        seg_sizes.require_frames_as_told(complete, file.label)
        frames = tuple(_frames(complete))
        parsed = highdicom.seg.Segmentation.from_dataset(complete, copy=False)
        return _parsed(parsed, frames)
    except IngestFault:
        raise
    except Exception as error:  # the parser meets arbitrary content here
        hd.reraise_of_system(error)
        element = element_of(error)
        if element is not None and isinstance(error, AttributeError | KeyError):
            raise lacking(f"{element}, or what belongs to it") from None
        raise IngestFault(
            "SEG_UNREADABLE",
            f"the DICOM SEG breaks the rules of its kind ({type(error).__name__}). "
            "Export it again, or convert it to a NIfTI label map.",
        ) from None


#: Values of a fractional segment are bytes; with a larger maximum, nothing reaches it.
_LARGEST_BYTE = 255


def _parsed(dataset: Any, frames: tuple[Frame, ...]) -> Segmentation:
    """The segments and frames of a file; whatever is used later is looked at here."""
    _require_sound(dataset, frames)
    numbers = [frame.segment for frame in frames]
    _require_known_segments(dataset, numbers)
    candidates = tuple(
        Candidate(
            index=index,
            number=int(item.SegmentNumber),
            name=hd.text(item, "SegmentLabel") or "",
            pieces=sum(number in (None, item.SegmentNumber) for number in numbers),
        )
        for index, item in enumerate(dataset.SegmentSequence)
        if item.SegmentNumber  # 0 is what a label map calls the background
    )
    return Segmentation(dataset, candidates, frames)


def _require_sound(dataset: Any, frames: Sequence[Frame]) -> None:
    """Refuse a file whose description, frames and pixels do not fit each other."""
    parts.require_undivided(dataset)
    kind = dataset.SegmentationType
    if kind not in ("BINARY", "FRACTIONAL", "LABELMAP"):
        raise ValueError("no type of segmentation")
    if (
        kind == "FRACTIONAL"
        and not 1 <= dataset.MaximumFractionalValue <= _LARGEST_BYTE
    ):
        raise ValueError("no largest value")
    count = int(hd.number(dataset, "NumberOfFrames") or 1)
    nameless = sum(frame.segment is None for frame in frames)
    if len(frames) != count or (nameless and kind != "LABELMAP"):
        raise IngestFault(
            "SEG_UNREADABLE",
            f"the DICOM SEG describes {len(frames)} frames, of which {nameless} name "
            f"no segment, and should have {count}. Copy the file again.",
        )
    n_bits = dataset.Rows * dataset.Columns * count * dataset.BitsAllocated
    is_native = not dataset.file_meta.TransferSyntaxUID.is_encapsulated
    if not n_bits or (is_native and len(dataset.PixelData) // 2 != -(-n_bits // 16)):
        raise ValueError("pixels are missing or left over")


def _require_known_segments(dataset: Any, numbers: Sequence[int | None]) -> None:
    """Refuse frames of segments that the file does not describe."""
    known = {int(item.SegmentNumber) for item in dataset.SegmentSequence}
    strange = [number for number in numbers if number not in known | {None}]
    if strange:
        raise IngestFault(
            "SEG_INCOMPLETE",
            f"{len(strange)} of {len(numbers)} frames of the segmentation belong to "
            f"the segment {strange[0]}, which SegmentSequence does not describe. "
            "Export it again.",
        )


def _frames(dataset: Any) -> Iterator[Frame]:
    """All frames of a segmentation, as stored."""
    for number, own in enumerate(dataset.PerFrameFunctionalGroupsSequence, 1):
        groups = own, dataset.SharedFunctionalGroupsSequence[0]
        corner, cosines, spacing = _place(groups, number)
        identified = functional_group(groups, "SegmentIdentificationSequence")
        segment = hd.number(identified, "ReferencedSegmentNumber")
        affine = np.column_stack(
            [cosines[:3] * spacing[1], cosines[3:] * spacing[0], corner]
        )
        yield Frame(number, None if segment is None else int(segment), affine)


#: What places a frame: functional group, keyword and how many numbers.
_PLACE = (
    ("PlanePositionSequence", "ImagePositionPatient", 3),
    ("PlaneOrientationSequence", "ImageOrientationPatient", 6),
    ("PixelMeasuresSequence", "PixelSpacing", 2),
)


def _place(groups: Sequence[Dataset], number: int) -> list[np.ndarray]:
    """Corner, cosines and pixel spacing of a frame."""
    told = {
        keyword: hd.numbers(functional_group(groups, group), keyword, length)
        for group, keyword, length in _PLACE
    }
    absent = " and ".join(name for name, value in told.items() if value is None)
    if absent:
        raise IngestFault(
            "NO_GEOMETRY",
            f"frame {number} of the segmentation lacks {absent}, so that it has no "
            "place. Export it again.",
        )
    return [value for value in told.values() if value is not None]


def functional_group(groups: Sequence[Dataset], keyword: str) -> Dataset:
    """The item of a functional group, of the frame or else shared; empty if none."""
    for group in groups:
        items = hd.value(group, keyword)
        if items:
            return items[0]
    return Dataset()
