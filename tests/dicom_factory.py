"""Small DICOM series and structure sets for tests; nothing is read from disk."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    RTStructureSetStorage,
    generate_uid,
)

from concord.ingest.index import scan
from concord.ingest.index.series_table import require_root, series_rows

SHAPE = (5, 6, 7)
SPACING_MM = (3.0, 0.9, 0.8)
ORIGIN_MM = (-10.0, 20.0, -30.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
FRAME, SERIES = "1.2.3.4", "1.2.3.5"
SOP_CLASSES = {
    "CT": CTImageStorage,
    "MR": MRImageStorage,
    "PT": PositronEmissionTomographyImageStorage,
}


def ramp(shape: Sequence[int] = SHAPE) -> np.ndarray:
    """Stored values that tell slice, row and column of each voxel."""
    k, j, i = np.indices(shape)
    return (100 * k + 10 * j + i).astype(np.int16)


def write_series(
    folder: Path,
    modality: str = "CT",
    *,
    stored: np.ndarray | None = None,
    cosines: Sequence[float] = AXIAL,
    spacing_mm: Sequence[float] = SPACING_MM,
    origin_mm: Sequence[float] = ORIGIN_MM,
    series: str = SERIES,
    change: Callable[[int, Dataset], None] | None = None,
    keep: Sequence[int] | None = None,
    prefix: str = "",
) -> list[Path]:
    """Write one file per slice; names do not follow the order of the slices.

    `change` may edit each slice before it is written; `keep` names the slices.
    """
    stored = ramp() if stored is None else stored
    folder.mkdir(parents=True, exist_ok=True)
    normal = np.cross(cosines[:3], cosines[3:])
    paths = []
    for k in range(len(stored)) if keep is None else keep:
        position = np.asarray(origin_mm) + k * spacing_mm[0] * normal
        header = slice_header(modality, stored[k], cosines, spacing_mm, series)
        header.ImagePositionPatient = [f"{value:.10g}" for value in position]
        header.InstanceNumber = k + 1
        header.SOPInstanceUID = f"{series}.{k}"
        if change is not None:
            change(k, header)
        path = folder / f"{prefix}{(k * 7919) % 1000:03d}.dcm"
        save(header, path)
        paths.append(path)
    return paths


def save(header: Dataset, path: Path) -> None:
    """Write a dataset as a DICOM file."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = header.SOPClassUID
    meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    file = FileDataset(str(path), header, file_meta=meta, preamble=b"\0" * 128)
    file.save_as(path, enforce_file_format=True)


def slice_header(
    modality: str,
    plane: np.ndarray,
    cosines: Sequence[float],
    spacing_mm: Sequence[float],
    series: str = SERIES,
) -> Dataset:
    """The header of a slice with its pixels, but without position and number."""
    header = Dataset()
    header.SOPClassUID = SOP_CLASSES[modality]
    header.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    header.Modality = modality
    header.Manufacturer = "Maker"
    header.PatientName, header.PatientID = "Canary^Name", "CANARY-ID"
    header.StudyInstanceUID, header.SeriesInstanceUID = "1.2.3", series
    header.FrameOfReferenceUID = FRAME
    header.SliceThickness = str(spacing_mm[0])
    header.PixelSpacing = [str(step) for step in spacing_mm[1:]]
    header.ImageOrientationPatient = [f"{cosine:.10g}" for cosine in cosines]
    header.Rows, header.Columns = plane.shape
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsAllocated = header.BitsStored = plane.dtype.itemsize * 8
    header.HighBit = header.BitsStored - 1
    header.PixelRepresentation = int(plane.dtype.kind == "i")
    if modality == "CT":
        header.RescaleSlope, header.RescaleIntercept = "1", "-1024"
        header.KVP, header.ConvolutionKernel = "120", "B30f"
    header.PixelData = plane.tobytes()
    header["PixelData"].VR = "OW"
    return header


def make_pet(k: int, header: Dataset) -> None:
    """Add the facts of an FDG scan, one half-life after injection."""
    header.Units, header.DecayCorrection = "BQML", "START"
    header.CorrectedImage = ["DECY", "ATTN"]
    header.PatientWeight = "80"
    header.SeriesDate = header.AcquisitionDate = "20200101"
    header.SeriesTime = header.AcquisitionTime = "110000.00"
    header.RescaleSlope, header.RescaleIntercept = str(100 * (k + 1)), "0"
    tracer = Dataset()
    tracer.RadiopharmaceuticalStartTime = "100000.00"
    tracer.RadionuclideTotalDose = "320000000"
    tracer.RadionuclideHalfLife = "3600"
    header.RadiopharmaceuticalInformationSequence = [tracer]


def write_rtstruct(
    path: Path,
    rois: dict[str, list[tuple[np.ndarray, str]]],
    *,
    frame: str = FRAME,
    series: str = SERIES,
) -> None:
    """Write a structure set; each ROI is a list of (points in mm, type)."""
    header = Dataset()
    header.SOPClassUID = RTStructureSetStorage
    header.SOPInstanceUID = generate_uid(entropy_srcs=[str(path.name)])
    header.Modality = "RTSTRUCT"
    header.PatientID = "CANARY-ID"
    header.StudyInstanceUID, header.SeriesInstanceUID = "1.2.3", "1.2.3.9"
    cited, study, reference = Dataset(), Dataset(), Dataset()
    cited.SeriesInstanceUID = series
    study.RTReferencedSeriesSequence = [cited]
    reference.FrameOfReferenceUID = frame
    reference.RTReferencedStudySequence = [study]
    header.ReferencedFrameOfReferenceSequence = [reference]
    header.StructureSetROISequence = []
    header.ROIContourSequence = []
    for number, (name, contours) in enumerate(rois.items(), 1):
        roi = Dataset()
        roi.ROINumber, roi.ROIName = number, name
        roi.ReferencedFrameOfReferenceUID = frame
        header.StructureSetROISequence.append(roi)
        drawing = Dataset()
        drawing.ReferencedROINumber = number
        drawing.ContourSequence = [_contour(*contour) for contour in contours]
        header.ROIContourSequence.append(drawing)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(header, path)


def _contour(points_mm: np.ndarray, kind: str) -> Dataset:
    contour = Dataset()
    contour.ContourGeometricType = kind
    contour.NumberOfContourPoints = len(points_mm)
    contour.ContourData = [f"{value:.6f}" for value in np.ravel(points_mm)]
    return contour


def write_segmentation(
    path: Path,
    series: Sequence[Path],
    pixels: np.ndarray,
    labels: Sequence[str] = ("GTV",),
    kind: str = "BINARY",
    **options: object,
) -> None:
    """Write a DICOM SEG on the slices of a series, given in the order of `pixels`."""
    import highdicom
    from pydicom import dcmread
    from pydicom.sr.codedict import codes

    sources = [dcmread(file) for file in series]
    for header in sources:
        for keyword in ("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"):
            setattr(header, keyword, "")
        header.StudyID = header.AccessionNumber = header.ReferringPhysicianName = ""
    descriptions = [
        highdicom.seg.SegmentDescription(
            segment_number=number,
            segment_label=label,
            segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
            segmented_property_type=codes.SCT.Neoplasm,
            algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
        )
        for number, label in enumerate(labels, 1)
    ]
    segmentation = highdicom.seg.Segmentation(
        source_images=sources,
        pixel_array=pixels,
        segmentation_type=highdicom.seg.SegmentationTypeValues(kind),
        segment_descriptions=descriptions,
        series_instance_uid="1.2.3.10",
        series_number=9,
        sop_instance_uid="1.2.3.10.1",
        instance_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1",
        device_serial_number="1",
        **options,
    )
    segmentation.save_as(path)


def rectangle(
    low: Sequence[float], high: Sequence[float], z_mm: float
) -> tuple[np.ndarray, str]:
    """An axis-parallel closed contour between two corners (x, y)."""
    (x0, y0), (x1, y1) = low, high
    points = [(x0, y0, z_mm), (x1, y0, z_mm), (x1, y1, z_mm), (x0, y1, z_mm)]
    return np.array(points, float), "CLOSED_PLANAR"


def index_root(root: Path, name: str) -> list[dict[str, Any]]:
    """Rows of table kind "series" of a root that is scanned anew."""
    require_root(root, name)
    return series_rows(root, name, scan.scan(root, processes=1))
