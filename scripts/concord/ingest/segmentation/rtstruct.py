"""Segmentations of an RTSTRUCT file: its ROIs, and what image they belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pydicom import Dataset
from pydicom.dataelem import RawDataElement

from ...errors import IngestFault
from ...images import Volume
from ..dicom import header as hd
from ..faults.collecting import waived_note
from .contours import Contour, Rasterized, rasterize
from .options import SegmentationOptions
from .rois import ABSENT, FOUND_NOTHING, Candidate


@dataclass(frozen=True)
class StructureSet:
    """An RTSTRUCT file and the ROIs that it holds."""

    dataset: Dataset
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Links:
    """Links of segmentations or an image; UIDs are hashed as in the sidecar."""

    series: frozenset[str]
    frames: frozenset[str]  # frames of reference


def structure_set(dataset: Dataset) -> StructureSet:
    """The structure set of a parsed RTSTRUCT file."""
    counts: dict[int | None, int] = {}
    for item in hd.value(dataset, "ROIContourSequence") or []:
        number = _roi_number(item, "ReferencedROINumber")
        contours = hd.value(item, "ContourSequence") or []
        counts[number] = counts.get(number, 0) + len(contours)
    items = hd.value(dataset, "StructureSetROISequence") or []
    return StructureSet(
        dataset,
        tuple(
            Candidate(
                index=index,
                number=_roi_number(item, "ROINumber") or 0,
                name=hd.text(item, "ROIName") or "",
                pieces=counts.get(_roi_number(item, "ROINumber"), 0),
            )
            for index, item in enumerate(items)
        ),
    )


def contour_mask(
    source: StructureSet,
    chosen: Sequence[Candidate],
    image: Volume,
    links: Links,
    options: SegmentationOptions,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Mask of ROIs, united, on the grid of an image, shape (k, j, i), and notes.

    ROIs whose items hold no contour are of readers who found nothing. An ROI without an
    item is ROI_EMPTY: contours may have been lost with it, as in a file that was cut.

    Parameters
    ----------
    links : Links
        Series and frame of reference of the image.
    """
    items = hd.value(source.dataset, "StructureSetROISequence")
    rois = [Dataset() if one is ABSENT else items[one.index] for one in chosen]
    _require_own_numbers(source, chosen)
    frames = frozenset().union(*(_frames(source.dataset, roi) for roi in rois))
    own = Links(cited_series(source.dataset), frames)
    notes = link_notes(own, links, "RT_FRAME_OF_REFERENCE", options)
    parts = [
        rasterize(contours_of(source.dataset, roi), image, options)
        for roi, candidate in zip(rois, chosen, strict=True)
        if candidate.pieces
    ]
    if not parts:
        _require_told_empty(source.dataset, chosen)
        return np.zeros(image.array.shape, bool), (*notes, FOUND_NOTHING)
    return united(parts, notes)


def _require_own_numbers(source: StructureSet, chosen: Sequence[Candidate]) -> None:
    """Refuse ROIs of one number, whose contours cannot be told apart."""
    numbers = [one.number for one in source.candidates]
    for one in chosen:
        if one is not ABSENT and numbers.count(one.number) > 1:
            raise IngestFault(
                "BAD_VALUE",
                f"{numbers.count(one.number)} ROIs have the ROINumber {one.number}, "
                "expected one: their contours cannot be told apart. Export it again.",
            )


def _require_told_empty(dataset: Dataset, chosen: Sequence[Candidate]) -> None:
    """Refuse ROIs of which the file has no item of contours, not even an empty one."""
    items = hd.value(dataset, "ROIContourSequence") or []
    told = {_roi_number(item, "ReferencedROINumber") for item in items}
    if any(one is not ABSENT and one.number not in told for one in chosen):
        raise IngestFault(
            "ROI_EMPTY",
            "ROIContourSequence has no item of the ROI, expected one, even if it holds "
            "no contour: contours may be lost. Export it again; or, if this reader's "
            "files lack what was not found, list the reader in ingest.absent_is_empty.",
        )


def united(
    parts: Sequence[Rasterized], notes: Iterable[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The union of masks, and all their notes without repetition."""
    mask = parts[0].mask
    for part in parts[1:]:
        mask |= part.mask
    merged = [f"MERGED_ROIS {len(parts)} regions"] if len(parts) > 1 else []
    found = [*notes, *merged, *(note for part in parts for note in part.notes)]
    return mask, tuple(dict.fromkeys(found))


def link_notes(
    segmentations: Links, image: Links, frame_code: str, options: SegmentationOptions
) -> tuple[str, ...]:
    """Notes on how segmentations belong to an image; a fault if they may not.

    The frame of reference must agree, or the study waive that; then the series
    must. SOP instance UIDs are not looked at: re-exported series have other ones
    and the same geometry.

    Parameters
    ----------
    frame_code : str
        ``"RT_FRAME_OF_REFERENCE"`` or ``"SEG_FRAME_OF_REFERENCE"``.

    Raises
    ------
    IngestFault
        The code given, or RT_SERIES.
    """
    same_series = bool(image.series & segmentations.series)
    if image.frames and segmentations.frames == image.frames:
        return () if same_series else ("OTHER_SERIES_CITED",)
    if frame_code not in options.waived:
        raise IngestFault(
            frame_code,
            "the segmentation cites the frame of reference "
            f"{_listed(segmentations.frames)} (hashed), the image has "
            f"{_listed(image.frames)}: it may belong to another scan. If it belongs to "
            f"this one, list the subject in ingest.waive.{frame_code}.",
        )
    if image.series and not same_series:
        raise IngestFault(
            "RT_SERIES",
            f"the segmentation cites the series {_listed(segmentations.series)} "
            f"(hashed), the image is {_listed(image.series)}, and the frames of "
            "reference differ too. Use the segmentation of this image.",
        )
    return (waived_note(frame_code, "").strip(),)


def cited_series(dataset: Dataset) -> frozenset[str]:
    """Hashed UIDs of all series that a structure set cites."""
    return frozenset(
        str(hd.hashed(hd.text(series, "SeriesInstanceUID")))
        for frame in hd.value(dataset, "ReferencedFrameOfReferenceSequence") or []
        for study in hd.value(frame, "RTReferencedStudySequence") or []
        for series in hd.value(study, "RTReferencedSeriesSequence") or []
        if hd.text(series, "SeriesInstanceUID")
    )


def contours_of(dataset: Dataset, roi: Dataset) -> list[Contour]:
    """All contours of one item of the StructureSetROISequence."""
    number = _roi_number(roi, "ROINumber")
    return [
        Contour(_points(contour), hd.text(contour, "ContourGeometricType") or "")
        for item in hd.value(dataset, "ROIContourSequence") or []
        if _roi_number(item, "ReferencedROINumber") == number
        for contour in hd.value(item, "ContourSequence") or []
    ]


def _roi_number(item: Dataset, keyword: str) -> int | None:
    """Number by which contours belong to an ROI; None if it is absent."""
    number = hd.number(item, keyword)
    if number is not None and not number.is_integer():
        raise IngestFault(
            "BAD_VALUE",
            f"{keyword} is {number:g}, expected a whole number. Export the file again.",
        )
    return None if number is None else int(number)


def _points(contour: Dataset) -> np.ndarray:
    """Points (n, 3) of a contour in LPS, in mm."""
    flat = _numbers(contour)
    if flat.size % 3 or not np.isfinite(flat).all():
        raise IngestFault(
            "BAD_VALUE",
            f"ContourData has {flat.size} numbers, expected finite triplets x, y, z. "
            "Export it again.",
        )
    told = hd.number(contour, "NumberOfContourPoints")
    if told is not None and told != flat.size // 3:
        raise IngestFault(
            "CONTOUR_INCOMPLETE",
            f"a contour has {flat.size // 3} points, but NumberOfContourPoints is "
            f"{told:.0f}: points were lost. Export it again.",
        )
    return flat.reshape(-1, 3)


def _numbers(contour: Dataset) -> np.ndarray:
    """All numbers of ContourData.

    They are read from the bytes of the file: pydicom makes an object of each
    number, which takes ten times as long as all the rest.
    """
    try:
        element = contour.get_item("ContourData")
        found = None if element is None else element.value
        if isinstance(element, RawDataElement) and found:
            return np.array(found.rstrip(b" \0").split(b"\\"), dtype=float)
        return np.atleast_1d(np.asarray([] if found is None else found, float))
    except (ValueError, TypeError) as error:
        raise IngestFault(
            "BAD_VALUE",
            f"ContourData cannot be read as numbers ({type(error).__name__}). Export "
            "it again.",
        ) from None


def _frames(dataset: Dataset, roi: Dataset) -> frozenset[str]:
    """Hashed frames of reference of an ROI, or else of the structure set."""
    own = hd.text(roi, "ReferencedFrameOfReferenceUID")
    if own:
        return frozenset([str(hd.hashed(own))])
    return frozenset(
        str(hd.hashed(hd.text(item, "FrameOfReferenceUID")))
        for item in hd.value(dataset, "ReferencedFrameOfReferenceSequence") or []
        if hd.text(item, "FrameOfReferenceUID")
    )


def _listed(hashes: frozenset[str]) -> str:
    return ", ".join(sorted(hashes)) or "none"
