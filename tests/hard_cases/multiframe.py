"""Enhanced multi-frame DICOM of the ramp: all slices in one file."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import (
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
)

from .lattice import Lattice, Truth
from .slices import FRAME, SERIES, STUDY, Encoding, Recipe, ds, save_as, set_pixels

SOP_CLASSES = {
    "CT": EnhancedCTImageStorage,
    "MR": EnhancedMRImageStorage,
    "PT": EnhancedPETImageStorage,
}

E_CT = Recipe()
E_MR = Recipe(
    "MR", encoding=Encoding("uint16", 12, (1.0,), (0.0,)), offset=1500
)  # fmt: skip

FrameEdit = Callable[[int, Dataset], None]
FileEdit = Callable[[Dataset], None]


def write(
    folder: Path,
    recipe: Recipe = E_CT,
    *,
    order: Sequence[int] | None = None,
    frame_edits: Sequence[FrameEdit] = (),
    file_edits: Sequence[FileEdit] = (),
    shared: Sequence[str] = ("PixelMeasures", "PlaneOrientation"),
    name: str = "enhanced.dcm",
    save: Callable[[Dataset, Path], None] | None = None,
) -> Truth:
    """Write the slices named by `order` as frames of one file.

    `shared` names the functional groups that stand once for all frames; the others
    are repeated in every frame.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = range(recipe.lattice.shape[0]) if order is None else order
    header = file_header(recipe, order, shared)
    for item, k in zip(header.PerFrameFunctionalGroupsSequence, order, strict=True):
        for edit in frame_edits:
            edit(k, item)
    for change in file_edits:
        change(header)
    (save or save_as())(header, folder / name)
    return recipe.truth()


def file_header(recipe: Recipe, order: Sequence[int], shared: Sequence[str]) -> Dataset:
    header = Dataset()
    header.SpecificCharacterSet = "ISO_IR 100"
    header.SOPClassUID = SOP_CLASSES[recipe.modality]
    header.SOPInstanceUID = f"{SERIES}.1"
    header.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    header.Modality, header.Manufacturer = recipe.modality, "Maker"
    header.PatientName, header.PatientID = "Phantom^Ramp", "PHANTOM"
    header.StudyInstanceUID, header.SeriesInstanceUID = STUDY, SERIES
    header.FrameOfReferenceUID = FRAME
    header.SeriesNumber, header.InstanceNumber = 4, 1
    header.PatientPosition = "HFS"
    planes = recipe.physical()
    stored = [recipe.encoding.stored(k, planes[k]) for k in order]
    set_pixels(header, np.stack(stored), recipe.encoding.bits_stored)
    header.NumberOfFrames = len(stored)
    common, frames = Dataset(), [Dataset() for _ in stored]
    for name, build in _GROUPS.items():
        targets = (
            [(common, 0)] if name in shared else list(zip(frames, order, strict=True))
        )
        for target, k in targets:
            setattr(target, f"{name}Sequence", Items([build(recipe, k)]))
    for item, k in zip(frames, order, strict=True):
        content = Dataset()
        content.StackID, content.InStackPositionNumber = "1", k + 1
        content.DimensionIndexValues = [1, k + 1]
        item.FrameContentSequence = Items([content])
    header.SharedFunctionalGroupsSequence = Items([common])
    header.PerFrameFunctionalGroupsSequence = Items(frames)
    return header


def _measures(recipe: Recipe, k: int) -> Dataset:
    item, spacing = Dataset(), recipe.lattice.spacing_mm
    item.SliceThickness = ds(abs(spacing[0]))
    item.PixelSpacing = [ds(step) for step in spacing[1:]]
    return item


def _orientation(recipe: Recipe, k: int) -> Dataset:
    item = Dataset()
    item.ImageOrientationPatient = [ds(value) for value in recipe.lattice.cosines]
    return item


def _position(recipe: Recipe, k: int) -> Dataset:
    item = Dataset()
    item.ImagePositionPatient = [ds(value) for value in recipe.lattice.position(k)]
    return item


def _transformation(recipe: Recipe, k: int) -> Dataset:
    item = Dataset()
    slope, intercept = recipe.encoding.rescale(k)
    item.RescaleSlope, item.RescaleIntercept = ds(slope), ds(intercept)
    item.RescaleType = "HU" if recipe.modality == "CT" else "US"
    return item


_GROUPS = {
    "PixelMeasures": _measures,
    "PlaneOrientation": _orientation,
    "PlanePosition": _position,
    "PixelValueTransformation": _transformation,
}


def in_group(group: str, keyword: str, value: object, *slices: int) -> FrameEdit:
    """Set a keyword of a functional group in some frames, or in all."""

    def change(k: int, item: Dataset) -> None:
        if not slices or k in slices:
            name = f"{group}Sequence"
            if name not in item:
                setattr(item, name, Items([Dataset()]))
            setattr(getattr(item, name)[0], keyword, value)

    return change


def without_group(group: str, *slices: int) -> FrameEdit:
    def change(k: int, item: Dataset) -> None:
        if (not slices or k in slices) and f"{group}Sequence" in item:
            delattr(item, f"{group}Sequence")

    return change


def put(keyword: str, value: object) -> FileEdit:
    return lambda header: setattr(header, keyword, value)


def shorter(truth: Truth, slices: Sequence[int]) -> Truth:
    """The truth of evenly spaced slices of a series."""
    lattice = truth.lattice
    step = slices[1] - slices[0]
    spacing = (step * lattice.spacing_mm[0], *lattice.spacing_mm[1:])
    origin = tuple(lattice.position(slices[0]).tolist())
    shape = (len(slices), *lattice.shape[1:])
    short = Lattice(shape, spacing, origin, lattice.cosines)
    return replace(truth, lattice=short, values=truth.values[list(slices)])
