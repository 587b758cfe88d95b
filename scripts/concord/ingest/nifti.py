"""NIfTI files as an alternative to DICOM: checked, never resampled."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .. import images
from ..errors import IngestFault, StudyError
from ..files import read_json
from ..images import Volume
from . import pixels, sidecar

#: Largest departure of a direction matrix from right angles.
_RIGHT_ANGLES = 1e-3


def is_nifti(path: Path) -> bool:
    """Whether a source is a NIfTI file, by its name."""
    return path.name.lower().endswith((".nii", ".nii.gz")) and path.is_file()


def read_image(path: Path, modality: str) -> tuple[Volume, dict[str, Any]]:
    """A volume and its sidecar facts.

    Allowed facts are taken from a JSON file of the same name beside it. The
    units are those of the modality: HU, SUVbw or arbitrary.

    Raises
    ------
    IngestFault
        NIFTI_UNREADABLE, GANTRY_TILT, NOT_FINITE, PET_UNITS or RESCALE_MISSING.
    """
    volume = _read(path)
    if not np.isfinite(volume.array).all():
        raise IngestFault(
            "NOT_FINITE",
            f"{path.name} holds NaN or infinite voxels. Replace them by a value.",
        )
    volume = replace(volume, array=pixels.compact(volume.array, modality))
    pixels.require_hounsfield(volume.array, modality)
    given = _user_facts(path)
    _require_units(given, modality)
    notes = ["NIFTI_SOURCE"] + (["UNITS_ASSUMED"] if "Units" not in given else [])
    facts = sidecar.volume_facts(volume, modality, notes)
    return volume, sidecar.from_user(given) | facts


def read_mask(path: Path, image: Volume) -> np.ndarray:
    """A mask on the grid of its image, as bool (k, j, i).

    Raises
    ------
    IngestFault
        NIFTI_UNREADABLE, MASK_LABELS or MASK_GRID.
    """
    mask = _read(path)
    labels = np.unique(mask.array)
    if not np.isin(labels, (0, 1)).all():
        raise IngestFault(
            "MASK_LABELS",
            f"{path.name} holds {len(labels)} labels from {labels[0]:g} to "
            f"{labels[-1]:g}, expected 0 and 1. Write one mask per region.",
        )
    try:
        images.require_same_grid(replace(image, path="its image"), mask)
    except (StudyError, ValueError) as error:
        raise IngestFault("MASK_GRID", str(error)) from error
    return mask.array.astype(bool)


def _read(path: Path) -> Volume:
    try:
        volume = images.read(path)
    except OSError:
        raise
    except Exception as error:  # any content may come here
        reason = str(error).replace(str(path), path.name)
        raise IngestFault("NIFTI_UNREADABLE", reason) from error
    axes = volume.direction
    if not np.abs(axes.T @ axes - np.eye(3)).max() <= _RIGHT_ANGLES:
        raise IngestFault(
            "GANTRY_TILT",
            f"the axes of {path.name} are not at right angles. Resample it to a "
            "rectangular grid.",
        )
    return replace(volume, path=path.name)


def _user_facts(path: Path) -> dict[str, Any]:
    beside = path.with_name(path.name[: path.name.lower().rindex(".nii")] + ".json")
    found = read_json(beside) if beside.is_file() else {}
    return found if isinstance(found, dict) else {}


def _require_units(given: dict[str, Any], modality: str) -> None:
    units = given.get("Units")
    wanted = {None, "", sidecar.UNITS[modality]} | (
        {"GML"} if modality == "PT" else set()
    )
    if modality != "MR" and units not in wanted:
        raise IngestFault(
            "PET_UNITS" if modality == "PT" else "RESCALE_MISSING",
            f"the sidecar says Units {units!r}, expected {sidecar.UNITS[modality]}. "
            "Convert the values before.",
        )
