"""Classic DICOM series of the ramp: one file per slice, in any encoding."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
)

from .lattice import Lattice, Truth

STUDY, SERIES, FRAME = "1.2.826.0.1.7.1", "1.2.826.0.1.7.2", "1.2.826.0.1.7.3"
SOP_CLASSES = {
    "CT": CTImageStorage,
    "MR": MRImageStorage,
    "PT": PositronEmissionTomographyImageStorage,
}

#: A dose of 3.2e8 Bq, one half-life before the scan, in 80 kg.
SUV_PER_BQML = 80_000 / 1.6e8

Edit = Callable[[int, Dataset], None]


@dataclass(frozen=True)
class Encoding:
    """How output values become stored integers.

    `slopes` and `intercepts` hold one value for all slices or one for each. None
    leaves the rescale out of the header.
    """

    dtype: str = "int16"
    bits_stored: int | None = None
    slopes: Sequence[float] | None = (1.0,)
    intercepts: Sequence[float] | None = (-1024.0,)

    def rescale(self, k: int) -> tuple[float, float]:
        slopes, intercepts = self.slopes or (1.0,), self.intercepts or (0.0,)
        return slopes[k % len(slopes)], intercepts[k % len(intercepts)]

    def stored(self, k: int, plane: np.ndarray) -> np.ndarray:
        slope, intercept = self.rescale(k)
        found = np.rint((plane - intercept) / slope)
        limits = np.iinfo(self.dtype)
        assert limits.min <= found.min()
        assert found.max() <= limits.max
        return found.astype(self.dtype)

    def decoded(self, k: int, plane: np.ndarray) -> np.ndarray:
        """What the stored integers stand for."""
        slope, intercept = self.rescale(k)
        return self.stored(k, plane) * slope + intercept


#: The lattice of most series.
GRID = Lattice()


#: Number of the last slice of a series on the usual grid.
LAST_SLICE = GRID.shape[0] - 1


@dataclass(frozen=True)
class Recipe:
    """A series before it is written: values of the ramp and how they are stored."""

    modality: str = "CT"
    lattice: Lattice = GRID
    encoding: Encoding = Encoding()
    scale: float = 1.0
    offset: float = 0.0
    unit: float = 1.0  # output values per rescaled value

    def physical(self) -> np.ndarray:
        """Rescaled values, shape (k, j, i)."""
        return self.scale * self.lattice.ramp() + self.offset

    def truth(self) -> Truth:
        planes = self.physical()
        values = np.stack([self.encoding.decoded(k, p) for k, p in enumerate(planes)])
        return Truth(
            self.lattice, values * self.unit, self.scale * self.unit,
            self.offset * self.unit,
        )  # fmt: skip


CT = Recipe()
MR = Recipe("MR", encoding=Encoding("uint16", 12, None, None), offset=1500)
PET = Recipe(
    "PT",
    encoding=Encoding(slopes=(0.5, 0.75, 1.25, 1.0), intercepts=(0.0,)),
    scale=5.0,
    offset=4000.0,
    unit=SUV_PER_BQML,
)


def write(
    folder: Path,
    recipe: Recipe = CT,
    *edits: Edit,
    keep: Iterable[int] | None = None,
    names: str = "IM{:04d}.dcm",
    series: str = SERIES,
    numbers: Sequence[int] | None = None,
    save: Callable[[Dataset, Path], None] | None = None,
) -> Truth:
    """Write one file per slice; `edits` change each header before it is saved.

    `numbers` are the file numbers of the slices (default: in order); `keep` names
    the slices that are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = recipe.lattice.shape[0]
    for k in range(count) if keep is None else keep:
        header = slice_header(k, recipe, series)
        for edit in edits:
            edit(k, header)
        place = k if numbers is None else numbers[k]
        (save or save_as())(header, folder / names.format(place))
    return recipe.truth()


def slice_header(k: int, recipe: Recipe, series: str = SERIES) -> Dataset:
    """One slice as a complete dataset."""
    lattice, encoding = recipe.lattice, recipe.encoding
    header = Dataset()
    header.SpecificCharacterSet = "ISO_IR 100"
    header.SOPClassUID = SOP_CLASSES[recipe.modality]
    header.SOPInstanceUID = f"{series}.1.{k + 1}"
    header.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    header.Modality, header.Manufacturer = recipe.modality, "Maker"
    header.PatientName, header.PatientID = "Phantom^Ramp", "PHANTOM"
    header.StudyInstanceUID, header.SeriesInstanceUID = STUDY, series
    header.FrameOfReferenceUID = FRAME
    header.SeriesNumber, header.InstanceNumber = 4, k + 1
    header.PatientPosition = "HFS"
    header.SliceThickness = ds(abs(lattice.spacing_mm[0]))
    header.PixelSpacing = [ds(step) for step in lattice.spacing_mm[1:]]
    header.ImageOrientationPatient = [ds(cosine) for cosine in lattice.cosines]
    header.ImagePositionPatient = [ds(value) for value in lattice.position(k)]
    set_pixels(header, encoding.stored(k, recipe.physical()[k]), encoding.bits_stored)
    slope, intercept = encoding.rescale(k)
    if encoding.slopes is not None:
        header.RescaleSlope = ds(slope)
    if encoding.intercepts is not None:
        header.RescaleIntercept = ds(intercept)
    _MODALITY_FACTS[recipe.modality](header)
    return header


def set_pixels(
    header: Dataset, plane: np.ndarray, bits_stored: int | None = None
) -> None:
    """Put stored pixels and their description into a header."""
    header.Rows, header.Columns = plane.shape[-2:]
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsAllocated = plane.dtype.itemsize * 8
    header.BitsStored = bits_stored or header.BitsAllocated
    header.HighBit = header.BitsStored - 1
    header.PixelRepresentation = int(plane.dtype.kind == "i")
    content = plane.astype(plane.dtype.newbyteorder("<")).tobytes()
    header.PixelData = content + b"\0" * (len(content) % 2)
    header["PixelData"].VR = "OB" if plane.dtype.itemsize == 1 else "OW"


def save_as(syntax: str = ExplicitVRLittleEndian, *, bare: bool = False):
    """A function that writes a dataset in an uncompressed transfer syntax.

    `bare` leaves out the preamble and the file header, as old archives do.
    """

    def save(header: Dataset, path: Path) -> None:
        if bare:
            header.save_as(path, implicit_vr=True, little_endian=True)
            return
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = syntax
        meta.MediaStorageSOPClassUID = header.get("SOPClassUID", "1.2.3")
        meta.MediaStorageSOPInstanceUID = header.get("SOPInstanceUID", "1.2.3")
        if syntax == ExplicitVRBigEndian:
            width = header.BitsAllocated // 8
            swapped = np.frombuffer(header.PixelData, f"<u{width}").byteswap()
            header.PixelData = swapped.tobytes()
        file = FileDataset(
            str(path),
            header,
            preamble=b"\0" * 128,
            file_meta=meta,
            is_implicit_VR=syntax == ImplicitVRLittleEndian,
            is_little_endian=syntax != ExplicitVRBigEndian,
        )
        file.save_as(path, enforce_file_format=True)

    return save


def ds(value: float) -> str:
    """A decimal string of at most 16 characters."""
    return f"{value:.10g}"


def _ct_facts(header: Dataset) -> None:
    header.KVP, header.ConvolutionKernel = "120", "B30f"


def _mr_facts(header: Dataset) -> None:
    header.ScanningSequence, header.SequenceVariant = "SE", "SK"
    header.RepetitionTime, header.EchoTime = "500", "15"
    header.MagneticFieldStrength = "1.5"


def pet_facts(header: Dataset) -> None:
    """FDG, one half-life after injection, as `SUV_PER_BQML` says."""
    header.Units, header.DecayCorrection = "BQML", "START"
    header.CorrectedImage = ["DECY", "ATTN", "SCAT"]
    header.PatientWeight = "80"
    header.SeriesDate = header.AcquisitionDate = "20200101"
    header.SeriesTime = header.AcquisitionTime = "110000.00"
    tracer = Dataset()
    tracer.RadiopharmaceuticalStartTime = "100000.00"
    tracer.RadionuclideTotalDose = "320000000"
    tracer.RadionuclideHalfLife = "3600"
    header.RadiopharmaceuticalInformationSequence = [tracer]


_MODALITY_FACTS = {"CT": _ct_facts, "MR": _mr_facts, "PT": pet_facts}
