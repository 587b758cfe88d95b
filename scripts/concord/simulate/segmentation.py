"""Segmentations of a lesion as DICOM SEG: one file per reader and series."""

from collections.abc import Sequence
from pathlib import Path

import highdicom
import numpy as np
from pydicom import Dataset, dcmread, sr

from .dicom import Series, Visit, write_file
from .layout import AUTOMATIC
from .lesion import Lesion
from .phantom import Placement
from .rtstruct import ROI_NAMES, series_number

_TIME = "140000"


def write_segmentation(
    path: Path,
    visit: Visit,
    series: Series,
    reader: str,
    surface: Lesion,
    placement: Placement,
    headers: Sequence[Dataset],
) -> None:
    """Write the voxels of a series whose centres lie within a surface.

    Parameters
    ----------
    surface : Lesion
        The lesion as the reader segments it, in body coordinates.
    placement : Placement
        Where the body lies in the scan.
    headers : sequence of Dataset
        Of the series, see `series_headers`.
    """
    # highdicom doubts that a name without caret is one; the object shares it.
    headers[0].PatientName = f"{visit.subject_id}^"
    names = (series.modality, "outline", reader)
    segmentation = highdicom.seg.Segmentation(
        source_images=headers,
        pixel_array=_voxels(headers, surface, placement),
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[_description(reader)],
        series_instance_uid=visit.uid(*names, "series"),
        series_number=series_number(series.modality, reader),
        sop_instance_uid=visit.uid(*names),
        instance_number=1,
        manufacturer=headers[0].Manufacturer,
        manufacturer_model_name=headers[0].ManufacturerModelName,
        software_versions=headers[0].SoftwareVersions,
        device_serial_number="1",
        content_label="OUTLINE",
    )
    _set_fixed(segmentation, visit, names)
    write_file(segmentation, path)


def series_headers(images: Path) -> Sequence[Dataset]:
    """Headers of a series as written to a folder, from its lowest slice up."""
    headers = [dcmread(file, stop_before_pixels=True) for file in images.iterdir()]
    if "ImagePositionPatient" in headers[0]:
        headers.sort(key=lambda header: float(header.ImagePositionPatient[2]))
    return headers


def _voxels(
    headers: Sequence[Dataset], surface: Lesion, placement: Placement
) -> np.ndarray:
    """Voxels (k, j, i) whose centres lie within a surface, as uint8."""
    corners, (row_mm, column_mm) = _frames(headers)
    corner, heights = corners[0], corners[:, 2]
    x = corner[0] + column_mm * np.arange(headers[0].Columns)
    y = corner[1] + row_mm * np.arange(headers[0].Rows)
    depth_mm = surface.depth_mm(
        placement.to_body(0, x)[None, None, :],
        placement.to_body(1, y)[None, :, None],
        placement.to_body(2, heights)[:, None, None],
    )
    return (depth_mm > 0).astype(np.uint8)


def _frames(headers: Sequence[Dataset]) -> tuple[np.ndarray, tuple[float, float]]:
    """Corner of each slice, shape (n, 3), and spacing of rows and columns, in mm."""
    first = headers[0]
    if "ImagePositionPatient" in first:
        places, measures = headers, first
    else:  # one multi-frame file
        frames = first.PerFrameFunctionalGroupsSequence
        places = [frame.PlanePositionSequence[0] for frame in frames]
        measures = first.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    corners = [[float(v) for v in place.ImagePositionPatient] for place in places]
    row_mm, column_mm = (float(value) for value in measures.PixelSpacing)
    return np.array(corners), (row_mm, column_mm)


def _algorithm() -> "highdicom.AlgorithmIdentificationSequence":
    return highdicom.AlgorithmIdentificationSequence(
        name="Simulated algorithm",
        family=sr.codedict.codes.DCM.ArtificialIntelligence,
        version="1.0",
    )


def _description(reader: str) -> "highdicom.seg.SegmentDescription":
    codes, types = sr.codedict.codes, highdicom.seg.SegmentAlgorithmTypeValues
    automatic = reader == AUTOMATIC
    return highdicom.seg.SegmentDescription(
        segment_number=1,
        segment_label=ROI_NAMES[reader],
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Neoplasm,
        algorithm_type=types.AUTOMATIC if automatic else types.MANUAL,
        algorithm_identification=_algorithm() if automatic else None,
    )


def _set_fixed(header: Dataset, visit: Visit, names: tuple[str, ...]) -> None:
    """Replace what depends on the moment or on chance; name the patient as always."""
    header.PatientName = visit.subject_id
    header.InstanceCreationDate = header.ContentDate = visit.date
    header.InstanceCreationTime = header.ContentTime = _TIME
    for item in header.ContributingEquipmentSequence:
        if "ContributionDateTime" in item:
            item.ContributionDateTime = visit.date + _TIME
    organization = visit.uid(*names, "dimensions")
    for keyword in ("DimensionOrganizationSequence", "DimensionIndexSequence"):
        for item in header[keyword].value:
            item.DimensionOrganizationUID = organization
