"""Segmentations of a lesion as DICOM RTSTRUCT: one file per reader and series."""

from pathlib import Path

import numpy as np
from pydicom import DataElement, Dataset, Sequence
from pydicom.uid import UID, RTStructureSetStorage

from . import layout
from .dicom import Series, Visit, common_header, write_file
from .lesion import Lesion
from .phantom import Placement

#: What each reader calls the lesion; a sheet finds all with `ROI_PATTERN`.
ROI_NAMES = {"A": "GTV_A", "B": "gtv reader B", "AI": "GTV automatic"}
ROI_PATTERN = "(?i)gtv.*"

_N_POINTS = 72
_COLOUR = {"A": [255, 128, 0], "B": [0, 128, 255]}
#: Detached Study Management, retired: what RTSTRUCT files name as class of a study.
_DETACHED_STUDY = UID("1.2.840.10008.3.1.2.3.1")


def write_contours(
    path: Path,
    visit: Visit,
    series: Series,
    reader: str,
    surface: Lesion,
    placement: Placement,
    site: str,
) -> None:
    """Write the sections of a surface with the slices of a series.

    Parameters
    ----------
    surface : Lesion
        The lesion as the reader segments it, in body coordinates.
    placement : Placement
        Where the body lies in the scan.
    """
    header = common_header(visit, "RTSTRUCT", RTStructureSetStorage, site)
    names = (series.modality, "outline", reader)
    header.SOPInstanceUID = visit.uid(*names)
    header.SeriesInstanceUID = visit.uid(*names, "series")
    header.SeriesNumber = series_number(series.modality, reader)
    header.InstanceNumber = 1
    header.OperatorsName = ""
    header.StructureSetLabel = f"Reader {reader}"
    header.StructureSetDate = visit.date
    header.StructureSetTime = "140000"
    header.FrameOfReferenceUID = visit.frame_uid
    header.ReferencedFrameOfReferenceSequence = Sequence([_referenced(visit, series)])
    header.StructureSetROISequence = Sequence([_region(visit, reader)])
    contours = _contours(series, surface, placement)
    header.ROIContourSequence = Sequence([_drawing(reader, contours)])
    header.RTROIObservationsSequence = Sequence([_observation()])
    header.ApprovalStatus = "UNAPPROVED"
    write_file(header, path)


def series_number(modality: str, reader: str) -> int:
    """SeriesNumber of a segmentation, another one for each reader and image."""
    of_modality = layout.MODALITIES.index(modality)
    if reader == layout.AUTOMATIC:
        return 14 + of_modality
    return 10 + 2 * of_modality + layout.READERS.index(reader)


def _referenced(visit: Visit, series: Series) -> Dataset:
    """Frame of reference, study, series and images that were segmented."""
    images = Dataset()
    images.SeriesInstanceUID = series.uid
    images.ContourImageSequence = Sequence(
        [_image(series, z_mm) for z_mm in series.instances]
    )
    study = Dataset()
    study.ReferencedSOPClassUID = _DETACHED_STUDY
    study.ReferencedSOPInstanceUID = visit.study_uid
    study.RTReferencedSeriesSequence = Sequence([images])
    frame = Dataset()
    frame.FrameOfReferenceUID = visit.frame_uid
    frame.RTReferencedStudySequence = Sequence([study])
    return frame


def _image(series: Series, z_mm: float) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = series.sop_class
    item.ReferencedSOPInstanceUID = series.instances[z_mm]
    return item


def _region(visit: Visit, reader: str) -> Dataset:
    item = Dataset()
    item.ROINumber = 1
    item.ReferencedFrameOfReferenceUID = visit.frame_uid
    item.ROIName = ROI_NAMES[reader]
    item.ROIGenerationAlgorithm = "MANUAL"
    return item


def _drawing(reader: str, contours: list[Dataset]) -> Dataset:
    item = Dataset()
    item.ROIDisplayColor = _COLOUR[reader]
    item.ReferencedROINumber = 1
    item.ContourSequence = Sequence(contours)
    return item


def _observation() -> Dataset:
    item = Dataset()
    item.ObservationNumber = 1
    item.ReferencedROINumber = 1
    item.RTROIInterpretedType = "GTV"
    item.ROIInterpreter = ""
    return item


def _contours(series: Series, surface: Lesion, placement: Placement) -> list[Dataset]:
    """One closed contour for each slice that meets the surface."""
    contours = []
    for z_mm in series.instances:
        height = float(placement.to_body(2, np.asarray(z_mm)))
        section = surface.contour_mm(height, _N_POINTS)
        if len(section):
            x = placement.to_world(0, section[:, 0])
            y = placement.to_world(1, section[:, 1])
            contours.append(_contour(series, x, y, z_mm))
    return contours


def _contour(series: Series, x: np.ndarray, y: np.ndarray, z_mm: float) -> Dataset:
    item = Dataset()
    item.ContourImageSequence = Sequence([_image(series, z_mm)])
    item.ContourGeometricType = "CLOSED_PLANAR"
    item.NumberOfContourPoints = len(x)
    numbers = [
        f"{value:.2f}" for point in zip(x, y, strict=True) for value in (*point, z_mm)
    ]
    text = "\\".join(numbers)
    # Handed over as text: parsing each number would take most of the time.
    item.add(DataElement("ContourData", "DS", text, already_converted=True))
    return item
