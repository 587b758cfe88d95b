"""DICOM SEG files, written by highdicom, and NIfTI label maps of known masks."""

from collections.abc import Callable, Sequence
from pathlib import Path

import highdicom
import nibabel as nib
import numpy as np
from highdicom.sr.coding import CodedConcept
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from .contours import GRID
from .lattice import Lattice
from .slices import CT, FRAME, SERIES, Recipe, slice_header

_TISSUE = CodedConcept("85756007", "SCT", "Tissue")
_TUMOUR = CodedConcept("108369006", "SCT", "Neoplasm")


def sources(grid: Lattice, frame: str, series: str) -> list[Dataset]:
    """Image slices that a segmentation refers to, with all that highdicom asks for."""
    small = Recipe("CT", grid, CT.encoding, scale=0.1)
    headers = []
    for k in range(grid.shape[0]):
        header = slice_header(k, small, series)
        header.FrameOfReferenceUID = frame
        for keyword in (
            "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID",
            "StudyDate", "StudyTime", "ReferringPhysicianName",
        ):  # fmt: skip
            setattr(header, keyword, "")
        header.file_meta = highdicom.base.FileMetaDataset()
        header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        headers.append(header)
    return headers


def write_segmentation(
    path: Path,
    array: np.ndarray,
    kind: str = "BINARY",
    grid: Lattice = GRID,
    *,
    labels: Sequence[str] = ("GTV",),
    frame: str = FRAME,
    series: str = SERIES,
    sparse: bool = True,
    syntax: str = ExplicitVRLittleEndian,
    fractional: str = "PROBABILITY",
    edit: Callable[[Dataset], None] | None = None,
) -> None:
    """Write a segmentation of a (k, j, i) or (k, j, i, segments) array."""
    more = {"fractional_type": fractional} if kind == "FRACTIONAL" else {}
    segmentation = highdicom.seg.Segmentation(
        source_images=sources(grid, frame, series),
        pixel_array=array,
        segmentation_type=kind,
        segment_descriptions=[
            _description(n, name) for n, name in enumerate(labels, 1)
        ],
        series_instance_uid=f"{SERIES}.7",
        series_number=9,
        sop_instance_uid=f"{SERIES}.7.1",
        instance_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1",
        device_serial_number="1",
        omit_empty_frames=sparse,
        transfer_syntax_uid=syntax,
        **more,
    )
    if edit is not None:
        edit(segmentation)
    path.parent.mkdir(parents=True, exist_ok=True)
    segmentation.save_as(path)


def _description(number: int, label: str) -> highdicom.seg.SegmentDescription:
    return highdicom.seg.SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=_TISSUE,
        segmented_property_type=_TUMOUR,
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
    )


def write_label_map(
    path: Path,
    array: np.ndarray,
    grid: Lattice = GRID,
    *,
    flip: Sequence[int] = (),
    slope: float | None = None,
    dtype: str | None = None,
) -> None:
    """Write a NIfTI label map; `flip` turns axes of (i, j, k) round, data and all.

    With a `dtype` of whole numbers, floats are stored scaled, as nibabel does.
    """
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ grid.affine()
    data = array.T
    for axis in flip:
        affine[:3, 3] += affine[:3, axis] * (data.shape[axis] - 1)
        affine[:3, axis] *= -1
        data = np.flip(data, axis)
    image = nib.Nifti1Image(data, affine)
    if slope is not None:
        image.header.set_slope_inter(slope, 0)
    if dtype is not None:
        image.set_data_dtype(dtype)
    path.parent.mkdir(parents=True, exist_ok=True)
    nib.save(image, path)
