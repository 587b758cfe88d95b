"""Outlines of an RTSTRUCT file: choose one ROI and check what it belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.uid import RTStructureSetStorage, SegmentationStorage

from ..errors import IngestFault
from . import header as hd
from .contours import Contour


@dataclass(frozen=True)
class Roi:
    """One ROI of a structure set; UIDs are hashed as in the image's sidecar."""

    name: str
    contours: tuple[Contour, ...]
    frames: frozenset[str]  # frames of reference that the ROI cites
    series: frozenset[str]  # series that the structure set cites


@hd.tolerant()
def read_roi(path: Path, pattern: str | None) -> Roi:
    """The one ROI of an RTSTRUCT file whose name fits.

    Parameters
    ----------
    path : Path
        RTSTRUCT file.
    pattern : str or None
        Name of the ROI, or else a regular expression for the whole name. Empty or
        None if the file has exactly one ROI.

    Raises
    ------
    IngestFault
        UNSUPPORTED_SOP, ROI_NOT_FOUND, ROI_AMBIGUOUS, or a fault of the file.
    """
    if not path.is_file() or not hd.is_dicom(path):
        raise IngestFault(
            "UNSUPPORTED_SOP",
            "the source is neither an RTSTRUCT file nor a NIfTI file (.nii, .nii.gz). "
            "Correct `source` in the mask sheet.",
        )
    dataset = hd.read(path)
    _require_structure_set(dataset)
    items = hd.value(dataset, "StructureSetROISequence") or []
    chosen = items[_matching(roi_names(dataset), pattern)]
    number = hd.text(chosen, "ROINumber")
    return Roi(
        name=hd.text(chosen, "ROIName") or "",
        contours=tuple(_contours(dataset, number)),
        frames=_frames(dataset, chosen),
        series=cited_series(dataset),
    )


def link_notes(
    roi: Roi, series: str | None, frame: str | None, accept_mismatch: bool
) -> tuple[str, ...]:
    """Notes on how an ROI belongs to an image; a fault if it may not.

    The frame of reference must agree, or the mismatch be accepted by the study;
    then the series must. SOP instance UIDs are not looked at: re-exported series
    have other ones and the same geometry.

    Parameters
    ----------
    series, frame : str or None
        Hashed series and frame of reference of the image.
    accept_mismatch : bool
        Use the outlines although they cite another frame of reference.

    Raises
    ------
    IngestFault
        RT_FRAME_OF_REFERENCE or RT_SERIES.
    """
    same_series = series is not None and series in roi.series
    if frame is not None and roi.frames == {frame}:
        return () if same_series else ("RT_SERIES",)
    if not accept_mismatch:
        cited = ", ".join(sorted(roi.frames)) or "none"
        raise IngestFault(
            "RT_FRAME_OF_REFERENCE",
            f"ROI {roi.name!r} cites the frame of reference {cited} (hashed), the "
            f"image has {frame or 'none'}: the contours may belong to another scan. "
            "If they belong to this one, list the subject in "
            "ingest.accept_frame_of_reference_mismatch.",
        )
    if series is not None and not same_series:
        cited = ", ".join(sorted(roi.series)) or "none"
        raise IngestFault(
            "RT_SERIES",
            f"the structure set cites the series {cited} (hashed), the image is "
            f"{series}, and the frames of reference differ too. Use the outlines of "
            "this image.",
        )
    return ("RT_FRAME_OF_REFERENCE_ACCEPTED",)


def cited_series(dataset: Dataset) -> frozenset[str]:
    """Hashed UIDs of all series that a structure set cites."""
    return frozenset(
        str(hd.hashed(hd.text(series, "SeriesInstanceUID")))
        for frame in hd.value(dataset, "ReferencedFrameOfReferenceSequence") or []
        for study in hd.value(frame, "RTReferencedStudySequence") or []
        for series in hd.value(study, "RTReferencedSeriesSequence") or []
        if hd.text(series, "SeriesInstanceUID")
    )


def roi_names(dataset: Dataset) -> list[str]:
    """Names of all ROIs of a structure set, in order."""
    items = hd.value(dataset, "StructureSetROISequence") or []
    return [hd.text(item, "ROIName") or "" for item in items]


def _require_structure_set(dataset: Dataset) -> None:
    sop_class = hd.text(dataset, "SOPClassUID")
    if sop_class == SegmentationStorage:
        raise IngestFault(
            "UNSUPPORTED_SOP",
            "the source is a DICOM SEG, which is not read yet. Convert it to a NIfTI "
            "mask and list that file.",
        )
    if sop_class != RTStructureSetStorage:
        raise IngestFault(
            "UNSUPPORTED_SOP",
            f"the source has Modality {hd.text(dataset, 'Modality')}, expected an "
            "RTSTRUCT. Correct `source` in the mask sheet.",
        )


def _matching(names: Sequence[str], pattern: str | None) -> int:
    """Index of the one name that equals a pattern or else fully matches it."""
    present = ", ".join(repr(name) for name in names) or "none"
    advice = f"The file has: {present}. Correct `roi` in the mask sheet."
    wanted = repr(pattern) if pattern else "the only ROI"
    found = [n for n, name in enumerate(names) if not pattern or name == pattern]
    if pattern and not found:
        found = _fitting(names, pattern, advice)
    if not found:
        raise IngestFault("ROI_NOT_FOUND", f"no ROI is {wanted}. {advice}")
    if len(found) > 1:
        text = f"{len(found)} ROIs fit {wanted}, expected 1. {advice}"
        raise IngestFault("ROI_AMBIGUOUS", text)
    return found[0]


def _fitting(names: Sequence[str], pattern: str, advice: str) -> list[int]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        text = f"no ROI is {pattern!r}, and it is no regular expression ({error}). "
        raise IngestFault("ROI_NOT_FOUND", text + advice) from error
    return [n for n, name in enumerate(names) if expression.fullmatch(name)]


def _contours(dataset: Dataset, number: str | None) -> list[Contour]:
    return [
        Contour(_points(contour), hd.text(contour, "ContourGeometricType") or "")
        for item in hd.value(dataset, "ROIContourSequence") or []
        if hd.text(item, "ReferencedROINumber") == number
        for contour in hd.value(item, "ContourSequence") or []
    ]


def _points(contour: Dataset) -> np.ndarray:
    """Points (n, 3) of a contour in LPS, in mm."""
    found = hd.value(contour, "ContourData")
    try:
        flat = np.atleast_1d(np.asarray([] if found is None else found, float))
    except (ValueError, TypeError) as error:
        raise IngestFault(
            "BAD_VALUE", f"ContourData cannot be read: {error}. Export it again."
        ) from error
    if flat.size % 3 or not np.isfinite(flat).all():
        raise IngestFault(
            "BAD_VALUE",
            f"ContourData has {flat.size} numbers, expected finite triplets x, y, z. "
            "Export it again.",
        )
    return flat.reshape(-1, 3)


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
