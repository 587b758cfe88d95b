"""Cases of images that come as NIfTI files."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np

from .case import Case, refused, right
from .geometry_cases import DOUBLE_OBLIQUE, SAGITTAL, TILT_MM, at
from .lattice import Truth
from .slices import CT, MR, PET, Recipe

_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])

#: No bytes to be changed in a header.
NOTHING: dict[int, bytes] = {}

Edit = Callable[[nib.Nifti1Image], None]


def nifti(
    recipe: Recipe = CT,
    edit: Edit | None = None,
    *,
    flip: tuple[int, ...] = (),
    dtype: str = "int16",
    slope: float | None = None,
    sidecar: object = None,
    patch: dict[int, bytes] = NOTHING,
):
    """What writes the ramp as `scan.nii`; `flip` turns axes round, data and all."""

    def write(folder: Path) -> Truth:
        folder.mkdir(parents=True)
        truth = recipe.truth()
        values = truth.values / (slope or 1.0)
        image = _image(recipe, values.astype(dtype), flip)
        if slope is not None:
            image.header.set_slope_inter(slope, 0)
        if edit is not None:
            edit(image)
        _save(image, folder / "scan.nii", patch)
        if sidecar is not None:
            text = sidecar if isinstance(sidecar, str) else json.dumps(sidecar)
            (folder / "scan.json").write_text(text)
        return truth

    return write


def _image(
    recipe: Recipe, values: np.ndarray, flip: tuple[int, ...]
) -> nib.Nifti1Image:
    affine, data = _TO_RAS @ recipe.lattice.affine(), values.T
    for axis in flip:
        affine[:3, 3] += affine[:3, axis] * (data.shape[axis] - 1)
        affine[:3, axis] *= -1
        data = np.flip(data, axis)
    image = nib.Nifti1Image(data, affine)
    image.header.set_xyzt_units("mm")
    image.set_sform(affine, 1)
    if not any(recipe.lattice.shear_mm):
        image.set_qform(affine, 1)
    return image


def _save(image: nib.Nifti1Image, path: Path, patch: dict[int, bytes]) -> None:
    nib.save(image, path)
    content = bytearray(path.read_bytes())
    for place, changed in patch.items():
        content[place : place + len(changed)] = changed
    path.write_bytes(content)


def cut(folder: Path) -> None:
    nifti()(folder)
    path = folder / "scan.nii"
    path.write_bytes(path.read_bytes()[:-100])


def text(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "scan.nii").write_text("no image")


def series_of_two(folder: Path, wanted: int = 0) -> Truth:
    folder.mkdir(parents=True)
    truths = [replace(MR, offset=MR.offset + 60 * n).truth() for n in range(2)]
    data = np.stack([truth.values.T for truth in truths], axis=-1)
    image = nib.Nifti1Image(data.astype(np.int16), _TO_RAS @ MR.lattice.affine())
    image.header.set_xyzt_units("mm")
    nib.save(image, folder / "scan.nii")
    return truths[wanted]


def places_differ(image: nib.Nifti1Image) -> None:
    other = image.affine.copy()
    other[0, 3] += 5
    image.set_qform(other, 1)


def in_metres(image: nib.Nifti1Image) -> None:
    image.header.set_xyzt_units("meter")


#: Bytes of the header: the codes of qform and sform, and the first row of the sform.
WITHOUT_PLACE = {252: bytes(4)}
FLAT = {252: b"\0\0\1\0", 280: bytes(12)}


def hole(image: nib.Nifti1Image) -> None:
    np.asanyarray(image.dataobj)[2, 3, 4] = np.nan


FILE = {"row": {"source": "scan.nii"}}
_MR = FILE | {"modality": "MR"}
UNITS = "UNITS_ASSUMED"
SOURCE = "NIFTI_SOURCE"
WARPED = at(shear_mm=(0.0, TILT_MM))

RIGHT: list[Case] = [
    right("nii", nifti(), SOURCE, UNITS, **FILE),
    right("nii_with_units", nifti(sidecar={"Units": "HU"}), SOURCE, **FILE),
    right("nii_sagittal", nifti(at(cosines=SAGITTAL)), SOURCE, UNITS, **FILE),
    right("nii_oblique", nifti(at(cosines=DOUBLE_OBLIQUE)), SOURCE, UNITS, **FILE),
    right("nii_axes_turned_round", nifti(flip=(0, 2)), SOURCE, UNITS, **FILE),
    right("nii_left_handed", nifti(flip=(1,)), SOURCE, UNITS, **FILE),
    right("nii_float", nifti(dtype="float32"), SOURCE, UNITS, **FILE),
    right("nii_scaled", nifti(slope=0.5), SOURCE, UNITS, **FILE),
    right("nii_mr", nifti(MR), SOURCE, UNITS, **_MR),
    right("nii_pet_in_suv", nifti(PET, dtype="float32", sidecar={"Units": "SUVbw"}),
          SOURCE, **FILE, modality="PT"),
    right("nii_pet_unit_in_the_sheet", nifti(PET, dtype="float32"), SOURCE,
          modality="PT", row={"source": "scan.nii", "unit": "SUVbw"}),
    right("nii_second_of_two", lambda folder: series_of_two(folder, 1), SOURCE, UNITS,
          modality="MR", row={"source": "scan.nii", "volume": "t2"}),
]  # fmt: skip

REFUSED: list[Case] = [
    refused("nii_two_volumes", series_of_two, "VOLUME_AMBIGUOUS", **_MR),
    refused("nii_sheared", nifti(WARPED), "GANTRY_TILT", **FILE),
    refused("nii_two_places", nifti(edit=places_differ), "NIFTI_GEOMETRY", **FILE),
    refused("nii_no_place", nifti(patch=WITHOUT_PLACE), "NIFTI_GEOMETRY", **FILE),
    refused("nii_in_metres", nifti(edit=in_metres), "NIFTI_GEOMETRY", **FILE),
    refused("nii_flat", nifti(patch=FLAT), "NIFTI_GEOMETRY", **FILE),
    refused("nii_not_finite", nifti(dtype="float32", edit=hole), "NOT_FINITE", **FILE),
    refused("nii_complex", nifti(dtype="complex64"), "NOT_GREYSCALE", **FILE),
    refused("nii_rescale_lost", nifti(replace(CT, offset=1000)), "RESCALE_MISSING",
            **FILE),
    refused("nii_pet_in_activity", nifti(PET, dtype="float32",
                                         sidecar={"Units": "BQML"}), "PET_UNITS",
            **FILE, modality="PT"),
    refused("nii_pet_in_activity_by_the_sheet", nifti(PET, dtype="float32"),
            "PET_UNITS", modality="PT", row={"source": "scan.nii", "unit": "Bq/ml"}),
    refused("nii_pet_in_activity_unsaid", nifti(replace(PET, offset=15000, unit=1.0),
                                                dtype="float32"), "UNIT_UNKNOWN",
            **FILE, modality="PT"),
    refused("nii_pet_in_activity_said_to_be_suv", nifti(
        replace(PET, offset=15000, unit=1.0), dtype="float32",
        sidecar={"Units": "SUVbw"}),
        "SUV_IMPOSSIBLE", **FILE, modality="PT"),
    refused("nii_units_differ", nifti(sidecar={"Units": "SUVlbm"}, recipe=PET,
                                      dtype="float32"), "UNIT_DIFFERS",
            modality="PT", row={"source": "scan.nii", "unit": "SUVbw"}),
    refused("nii_pet_of_another_suv", nifti(PET, dtype="float32",
                                            sidecar={"Units": "SUVlbm"}), "PET_UNITS",
            **FILE, modality="PT"),
    refused("nii_sidecar_broken", nifti(sidecar="{Units"), "BAD_VALUE", **FILE),
    refused("nii_cut", cut, "NIFTI_UNREADABLE", **FILE),
    refused("nii_is_text", text, "NIFTI_UNREADABLE", **FILE),
]  # fmt: skip

CASES = RIGHT + REFUSED
