"""Simulated scans as DICOM series, one file per slice."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmwrite
from pydicom.uid import (
    UID,
    CTImageStorage,
    JPEGLSLossless,
    PositronEmissionTomographyImageStorage,
    generate_uid,
)

from ..images import Volume
from .encoding import encoded, file_meta, write_elements
from .enhanced import enhanced
from .settings import SiteSimulation
from .tracer import Tracer

#: Root and own part are fixed, so that the files depend on the study alone.
_IMPLEMENTATION = generate_uid(entropy_srcs=["concord simulate"])

#: Dates that no patient has: the first day of the study.
_FIRST_DAY = date(2000, 1, 1)

_CT_INTERCEPT = -1024
_MA_TIMES_HU = 2400  # tube current times noise; little current, much noise


@dataclass(frozen=True)
class Visit:
    """One session of a subject: who, when, and the identifiers of its objects."""

    subject_id: str
    session: str
    day: int  # days after the first day of the study
    age_years: int
    weight_kg: float
    seed: int
    software: str = "1.0"
    model: str | None = None  # of the scanner; that of the site if None

    @property
    def date(self) -> str:
        return f"{_FIRST_DAY + timedelta(days=self.day):%Y%m%d}"

    @property
    def study_uid(self) -> UID:
        return self.uid("study")

    @property
    def frame_uid(self) -> UID:
        """Frame of reference, shared by all series of the session."""
        return self.uid("frame of reference")

    def uid(self, *names: str) -> UID:
        """A UID that depends on seed, subject, session and names only."""
        parts = [str(self.seed), self.subject_id, self.session, *names]
        return generate_uid(entropy_srcs=["/".join(parts)])


@dataclass(frozen=True)
class Series:
    """Facts on a series that a segmentation of it needs."""

    modality: str
    uid: UID
    sop_class: UID
    instances: dict[float, UID]  # by z of the slice, in mm, ascending


def write_ct(
    folder: Path,
    visit: Visit,
    volume: Volume,
    site: str,
    options: SiteSimulation,
    incomplete: bool = False,
) -> Series:
    """Write a CT volume in HU as a series of unsigned 16-bit images.

    Parameters
    ----------
    folder : Path
        Made if needed.
    site : str
        Name of the site, which names its scanner.
    options : SiteSimulation
        The site's settings; the blur names the kernel, the noise the tube current.
    incomplete : bool, default=False
        Leave out the slice in the middle, as a copy that was broken off would.
    """
    header = _image_header(visit, volume, "CT", CTImageStorage, site)
    header.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    header.KVP = f"{options.kvp:g}"
    header.XRayTubeCurrent = round(_MA_TIMES_HU / max(options.noise_hu, 1))
    header.ConvolutionKernel = f"G{10 * options.blur_mm:02.0f}"
    header.AcquisitionNumber = 1
    header.RescaleIntercept = _CT_INTERCEPT
    header.RescaleSlope = 1
    header.RescaleType = "HU"
    header.PixelRepresentation = 0
    stored = np.rint(volume.array - _CT_INTERCEPT)
    stored = np.clip(stored, 0, 4095).astype("<u2")
    missing = frozenset({len(stored) // 2} if incomplete else ())
    if options.ct_format == "enhanced":
        return _write_frames(folder, visit, volume, header, stored, missing)
    syntax = JPEGLSLossless if options.ct_format == "jpeg_ls" else None
    return _write_slices(folder, visit, volume, header, stored, None, syntax, missing)


def write_pet(
    folder: Path,
    visit: Visit,
    volume: Volume,
    site: str,
    tracer: Tracer,
    options: SiteSimulation,
) -> Series:
    """Write a PET volume in SUV as a series in Bq/ml, with a slope per slice."""
    sop_class = PositronEmissionTomographyImageStorage
    header = _image_header(visit, volume, "PT", sop_class, site)
    header.ImageType = ["ORIGINAL", "PRIMARY"]
    header.SeriesType = ["STATIC", "IMAGE"]
    header.NumberOfSlices = len(volume.array)
    header.ReconstructionMethod = _reconstruction(options.pet_blur_mm)
    header.RescaleIntercept = 0
    header.PixelRepresentation = 1
    header.update(tracer.header(visit.date))
    activity = volume.array * tracer.activity_per_suv(visit.weight_kg)
    largest = np.maximum(activity.max(axis=(1, 2)), 1.0)
    slopes = [f"{value / np.iinfo(np.int16).max:.8g}" for value in largest]
    scale = np.array([float(slope) for slope in slopes])[:, None, None]
    stored = np.minimum(np.rint(activity / scale), np.iinfo(np.int16).max)
    return _write_slices(folder, visit, volume, header, stored.astype("<i2"), slopes)


def write_file(header: Dataset, path: Path, syntax: UID | None = None) -> None:
    """Write one object as a DICOM file with preamble.

    Explicit little endian, or the pixels compressed by another transfer syntax.
    """
    meta = file_meta(header.SOPClassUID, header.SOPInstanceUID, _IMPLEMENTATION)
    if syntax is None:
        write_elements(path, encoded(header), meta)
    else:
        header.file_meta = meta
        header.compress(syntax, generate_instance_uid=False)
        dcmwrite(path, header, enforce_file_format=True)


def common_header(visit: Visit, modality: str, sop_class: UID, site: str) -> Dataset:
    """Patient, study and equipment; the same for images and segmentations."""
    header = Dataset()
    header.SOPClassUID = sop_class
    header.Modality = modality
    header.PatientName = visit.subject_id
    header.PatientID = visit.subject_id
    header.PatientBirthDate = ""
    header.PatientSex = ""
    header.PatientAge = f"{visit.age_years:03d}Y"
    header.PatientWeight = f"{visit.weight_kg:.1f}"
    header.PatientIdentityRemoved = "YES"
    header.DeidentificationMethod = "Simulated, there is no patient"
    header.StudyInstanceUID = visit.study_uid
    header.StudyID = visit.session[:16]
    header.StudyDate = visit.date
    header.StudyTime = "095500"
    header.AccessionNumber = ""
    header.ReferringPhysicianName = ""
    header.Manufacturer = f"Simulated scanners {site}"
    header.ManufacturerModelName = f"Phantom {visit.model or site}"
    header.SoftwareVersions = f"{site} {visit.software}"
    return header


def _reconstruction(blur_mm: float) -> str:
    """The reconstruction that such a blur would come from; older ones tell less."""
    if blur_mm < 2:
        return "PSF+TOF 3i21s"
    return "OSEM3D 4i8s" if blur_mm < 3.5 else "3D-RAMLA"


def _image_header(
    visit: Visit, volume: Volume, modality: str, sop_class: UID, site: str
) -> Dataset:
    """All that the slices of a series share."""
    header = common_header(visit, modality, sop_class, site)
    slice_mm, row_mm, column_mm = volume.spacing_mm
    header.SeriesInstanceUID = visit.uid(modality, "series")
    header.FrameOfReferenceUID = visit.frame_uid
    header.PositionReferenceIndicator = ""
    header.SeriesNumber = {"CT": 1, "PT": 2}[modality]
    header.SeriesDate = header.AcquisitionDate = header.ContentDate = visit.date
    header.SeriesTime = header.AcquisitionTime = header.ContentTime = "100000"
    header.PatientPosition = "HFS"
    header.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    header.PixelSpacing = [row_mm, column_mm]
    header.SliceThickness = slice_mm
    header.Rows, header.Columns = volume.array.shape[1:]
    header.SamplesPerPixel = 1
    header.PhotometricInterpretation = "MONOCHROME2"
    header.BitsAllocated = header.BitsStored = 16
    header.HighBit = 15
    return header


def _write_slices(
    folder: Path,
    visit: Visit,
    volume: Volume,
    header: Dataset,
    stored: np.ndarray,
    slopes: list[str] | None,
    syntax: UID | None = None,
    missing: frozenset[int] = frozenset(),
) -> Series:
    """Write the slices; numbers and names are no guide to their order."""
    folder.mkdir(parents=True, exist_ok=True)
    modality = str(header.Modality)
    instances = {}
    places = _positions(volume)
    shared = encoded(header) if syntax is None else {}
    for k, number in enumerate(_shuffled(len(stored), header.SeriesInstanceUID)):
        one = copy(header) if syntax is not None else _context(header)
        one.SOPInstanceUID = visit.uid(modality, "slice", str(k))
        one.InstanceNumber = number
        one.ImagePositionPatient = places[k]
        one.SliceLocation = places[k][2]
        if slopes is not None:
            one.RescaleSlope = slopes[k]
            one.ImageIndex = k + 1
        one.PixelData = stored[k].tobytes()
        path = folder / f"IM{number:04d}.dcm"
        if k not in missing and syntax is not None:
            write_file(one, path, syntax)
        elif k not in missing:
            meta = file_meta(header.SOPClassUID, one.SOPInstanceUID, _IMPLEMENTATION)
            write_elements(path, shared | encoded(one), meta)
        instances[places[k][2]] = one.SOPInstanceUID
    return Series(modality, header.SeriesInstanceUID, header.SOPClassUID, instances)


def _context(header: Dataset) -> Dataset:
    """Elements that the type of the pixels of a slice depends on, nothing else."""
    context = Dataset()
    context.BitsAllocated = header.BitsAllocated
    return context


def _write_frames(
    folder: Path,
    visit: Visit,
    volume: Volume,
    header: Dataset,
    stored: np.ndarray,
    missing: frozenset[int],
) -> Series:
    """Write one multi-frame file; the order of its frames is no guide either."""
    folder.mkdir(parents=True, exist_ok=True)
    uid, places = visit.uid("CT", "frames"), _positions(volume)
    order = [n - 1 for n in _shuffled(len(stored), header.SeriesInstanceUID)]
    kept = [k for k in order if k not in missing]
    made = enhanced(header, stored[kept], [places[k] for k in kept], uid)
    write_file(made, folder / "IM0001.dcm")
    instances = {place[2]: uid for place in places}
    return Series("CT", header.SeriesInstanceUID, made.SOPClassUID, instances)


def _positions(volume: Volume) -> list[list[float]]:
    """Place (x, y, z) of each slice in mm, ascending."""
    x, y, z = volume.origin_mm
    step = volume.spacing_mm[0]
    return [[x, y, round(z + k * step, 2)] for k in range(len(volume.array))]


def _shuffled(n: int, uid: UID) -> Iterator[int]:
    """The numbers 1 to n in an order that depends on a UID."""
    rng = np.random.default_rng(int(str(uid).rpartition(".")[2]) % 2**63)
    yield from (rng.permutation(n) + 1).tolist()
