"""NIfTI files as an alternative to DICOM: checked, never resampled."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

from .. import images
from ..errors import IngestFault, StudyError, SurplusError
from ..files import read_json
from ..images import Volume
from . import sizes, voxel_units
from .acquisition import sidecar
from .dicom import header as hd
from .dicom import pixels
from .faults.collecting import raise_ingest_faults
from .geometry import same_grid
from .geometry.orientation import POSSIBLE_MM
from .geometry.volumes import Part, choose_part
from .settings import ImageSettings

#: Largest departure of a direction matrix from right angles.
_RIGHT_ANGLES = 1e-3

#: Codes of spatial units that are taken as mm: unknown and mm.
_MILLIMETRES = (0, 2)


#: No setting changed.
DEFAULTS = ImageSettings()


def is_nifti(path: Path) -> bool:
    """True if a source is a NIfTI file, by its name."""
    return path.name.lower().endswith((".nii", ".nii.gz")) and path.is_file()


def read_image(
    path: Path,
    modality: str,
    wanted: str = "",
    unit: str = "",
    settings: ImageSettings = DEFAULTS,
) -> tuple[Volume, dict[str, Any]]:
    """A volume and its sidecar facts.

    Allowed facts are taken from a JSON file of the same name beside it. The
    units are those of the modality: HU, SUV or arbitrary, or the declared one. Where
    neither sheet nor sidecar tells them, a PET must have the values of SUV.

    Parameters
    ----------
    path : Path
        The NIfTI file.
    modality : str
        CT, MR or PT.
    wanted : str
        ``t1``, ``t2`` ... if the file has four dimensions, else empty.
    unit : str
        Unit that the image sheet or the configuration declares, or empty.
    settings : ImageSettings
        `suv`, `grid_tolerance` and `max_voxels` are used.

    Raises
    ------
    IngestFault
        NIFTI_UNREADABLE, NIFTI_GEOMETRY, GANTRY_TILT, NOT_FINITE, NOT_GREYSCALE,
        VOLUME_AMBIGUOUS, VOLUME_NOT_FOUND, PET_UNITS, RESCALE_MISSING, UNIT_DIFFERS,
        UNIT_UNKNOWN, TOO_LARGE or SURPLUS_PIXELS.
    """
    part = choose_part(volume_parts(path), wanted)
    _require_measured(path, settings.max_voxels)
    index = part.indices[0] if part.name else None
    volume = read_volume(path, index, settings.max_voxels)
    if volume.array.dtype.kind == "f" and not np.isfinite(volume.array).all():
        raise IngestFault(
            "NOT_FINITE",
            "the NIfTI file holds NaN or infinite voxels. Replace them by a value.",
        )
    volume = replace(volume, array=pixels.compact(volume.array, modality))
    pixels.require_hounsfield(volume.array, modality)
    given = _user_facts(path)
    known = _known_unit(given, volume.array, modality, unit, settings)
    notes = one_place_notes(matrices_apart(path), settings.grid_tolerance)
    assumed = [] if known or _units(given) else ["UNITS_ASSUMED"]
    notes = ("NIFTI_SOURCE", *notes, *assumed)
    facts = sidecar.volume_facts(volume, modality, notes)
    facts["Units"] = known or sidecar.UNITS[modality]
    facts |= {"volume": part.name} if part.name else {}
    return volume, sidecar.from_user(given) | facts


def _require_measured(path: Path, max_voxels: int) -> None:
    """Refuse by its header what is no measured image, or larger than accepted."""
    header = _header(path)
    if header.get_data_dtype().kind not in "iuf":
        raise IngestFault(
            "NOT_GREYSCALE",
            "the NIfTI file holds colours or complex numbers, expected one number per "
            "voxel. Convert it.",
        )
    needed = _require_size(path, header, max_voxels)
    raise_ingest_faults(sizes.swelling(needed, path.stat().st_size))


def _known_unit(
    given: Mapping[str, Any],
    array: np.ndarray,
    modality: str,
    unit: str,
    settings: ImageSettings,
) -> str | None:
    """The unit that sheet, configuration or sidecar tell; without one, a check."""
    told = {"the image sheet or configuration": unit, "the sidecar": _units(given)}
    known = voxel_units.agreed(modality, told, settings.suv)
    if known is None and _units(given) is None:
        raise_ingest_faults(voxel_units.unknown_unit(array, modality))
        default = {"the default": sidecar.UNITS[modality]}
        voxel_units.agreed(modality, default, settings.suv)
    return known


def _units(given: Mapping[str, Any]) -> str | None:
    """Units of a sidecar, if it tells them as a text."""
    found = given.get("Units")
    return found if isinstance(found, str) and found.strip() else None


def read_volume(
    path: Path, index: int | None = None, max_voxels: int = DEFAULTS.max_voxels
) -> Volume:
    """The volume of a NIfTI file, as stored; one of several by its index.

    Raises
    ------
    IngestFault
        NIFTI_UNREADABLE, NIFTI_GEOMETRY, GANTRY_TILT, TOO_LARGE or SURPLUS_PIXELS.
    """
    header = _header(path)
    _require_geometry(header)
    _require_size(path, header, max_voxels)
    try:
        volume = images.read(path, index)
    except Exception as error:  # any content may come here
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _unreadable(path, error) from error
    axes = volume.direction
    if not np.abs(axes.T @ axes - np.eye(3)).max() <= _RIGHT_ANGLES:
        raise IngestFault(
            "GANTRY_TILT",
            "the axes of the NIfTI file are not at right angles. Resample it to a "
            "rectangular grid.",
        )
    return replace(volume, path="the NIfTI file")


def _require_size(path: Path, header: nib.Nifti1Header, max_voxels: int) -> int:
    """Bytes that a file needs; TOO_LARGE if its header tells more than is accepted."""
    try:
        needed = images.needed_bytes(header)
    except (StudyError, ValueError, OverflowError) as error:
        raise _unreadable(path, error) from error
    sides = list(header.get_data_shape())
    raise_ingest_faults(
        [
            *sizes.too_many_voxels(math.prod(sides), sides, max_voxels),
            *sizes.large_start(needed - math.prod(sides) * _bytes_of_one(header)),
        ]
    )
    return needed


def _bytes_of_one(header: nib.Nifti1Header) -> int:
    return int(header.get_data_dtype().itemsize)


def _unreadable(path: Path, error: Exception) -> IngestFault:
    if isinstance(error, SurplusError):
        text = str(error).replace(f"{path}: it", "the NIfTI file")
        return IngestFault("SURPLUS_PIXELS", text)
    reason = str(error) if isinstance(error, StudyError) else type(error).__name__
    reason = reason.replace(str(path), "the NIfTI file")
    return IngestFault("NIFTI_UNREADABLE", reason)


def _header(path: Path) -> nib.Nifti1Header:
    hd.require_fetched(path)
    try:
        return images.read_header(path)
    except Exception as error:  # any content may come here
        raise IngestFault(
            "NIFTI_UNREADABLE",
            f"the header of the NIfTI file cannot be read ({type(error).__name__}). "
            "Write the file again.",
        ) from error


def volume_parts(path: Path) -> list[Part]:
    """The volumes of a file; one without name if it has three dimensions."""
    shape = _header(path).get_data_shape()
    if len(shape) != 4:
        return [Part("", "", (0,))]
    return [
        Part(f"t{number}", f"number {number} of the file", (number - 1,) * shape[2])
        for number in range(1, shape[3] + 1)
    ]


def _require_geometry(header: nib.Nifti1Header) -> None:
    """Raise NIFTI_GEOMETRY unless the header contains one place, in mm."""
    sform, qform = header.get_sform(coded=True), header.get_qform(coded=True)
    if not sform[1] and not qform[1]:
        raise _no_geometry("has neither sform nor qform, so that its place is unknown")
    if int(header["xyzt_units"]) & 7 not in _MILLIMETRES:
        raise _no_geometry("does not measure in mm")
    matrices = [matrix for matrix, code in (sform, qform) if code]
    if not all(np.isfinite(m).all() and _has_volume(m) for m in matrices):
        raise _no_geometry("has a matrix without a volume")
    sizes_mm = np.concatenate([np.linalg.norm(m[:3, :3], axis=0) for m in matrices])
    if (sizes_mm < POSSIBLE_MM[0]).any() or (sizes_mm > POSSIBLE_MM[1]).any():
        raise _no_geometry(
            f"has voxels of {sizes_mm.min():g} to {sizes_mm.max():g} mm, expected "
            f"{POSSIBLE_MM[0]:g} to {POSSIBLE_MM[1]:g}"
        )


def matrices_apart(path: Path) -> float:
    """Largest distance, in voxels, of a corner of the image by sform and qform."""
    header = _header(path)
    (sform, s_code), (qform, q_code) = (
        header.get_sform(coded=True),
        header.get_qform(coded=True),
    )
    if not s_code or not q_code:
        return 0.0
    return same_grid.matrices_apart(sform, qform, header.get_data_shape()[:3])


def one_place_notes(apart_voxels: float, tolerance: float) -> tuple[str, ...]:
    """A note if sform and qform differ by less than the tolerance, in voxels.

    Raises
    ------
    IngestFault
        NIFTI_GEOMETRY if they differ by more.
    """
    if apart_voxels > tolerance:
        raise IngestFault(
            "NIFTI_GEOMETRY",
            "the NIfTI file has two places: its sform and qform differ by up to "
            f"{apart_voxels:.3g} voxels, expected at most {tolerance:g}. Write it "
            "again with one valid matrix, or raise ingest.grid_tolerance.",
        )
    return same_grid.tolerated_note(apart_voxels, "sform and qform")


def _has_volume(matrix: np.ndarray) -> bool:
    return abs(np.linalg.det(matrix[:3, :3])) > 1e-9


def _no_geometry(reason: str) -> IngestFault:
    return IngestFault(
        "NIFTI_GEOMETRY",
        f"the NIfTI file {reason}. Write it again with one valid matrix in mm.",
    )


def _user_facts(path: Path) -> dict[str, Any]:
    beside = path.with_name(path.name[: path.name.lower().rindex(".nii")] + ".json")
    hd.require_fetched(beside)
    try:
        if beside.is_file():
            raise_ingest_faults(sizes.large_sidecar(beside.stat().st_size))
        found = read_json(beside) if beside.is_file() else {}
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise IngestFault(
            "BAD_VALUE",
            "the sidecar beside the NIfTI file is not JSON, or too deep. Repair or "
            "remove it.",
        ) from error
    return found if isinstance(found, dict) else {}
