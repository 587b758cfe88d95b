"""One mask of the study: an outline on the grid of its image."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .. import images
from ..errors import IngestFault
from ..files import read_json
from ..images import Volume
from . import nifti
from .contours import rasterize
from .rows import IMAGE_KEYS, MASK_KEYS, Row, mask_name
from .rtstruct import link_notes, read_roi

ImageKey = tuple[str, ...]


def image_key(row: Row) -> ImageKey:
    """What identifies the image of a row."""
    return tuple(str(row[key]) for key in IMAGE_KEYS)


def write_mask(
    row: Row,
    converted: Mapping[ImageKey, Row],
    settings: Mapping[str, Any],
    folder: Path,
    final: Path,
) -> dict[str, Any]:
    """Convert the source of one row of the mask sheet.

    Parameters
    ----------
    row : mapping
        The keys of a mask, `source` and `roi`.
    converted : mapping
        Rows of the images table by `image_key`.
    settings : mapping
        Section `ingest` of the configuration.
    folder, final : Path
        Where the file is written, and where it will be.

    Returns
    -------
    dict
        A row of table kind "masks".
    """
    found = converted.get(image_key(row))
    if found is None:
        raise IngestFault(
            "IMAGE_EXCLUDED",
            f"the {row['modality']} image of that session was excluded or is not "
            "listed, so its outline has no grid. See the row of the image.",
        )
    image, facts = _image(found["path"]), _facts(found["sidecar"])
    mask, notes = read_mask(row, image, facts, settings)
    path = folder / f"{mask_name(row)}.nii.gz"
    volume = replace(image, array=mask)
    images.write(volume, path)
    voxels = int(mask.sum())
    return {key: row[key] for key in MASK_KEYS} | {
        "path": str(final / path.name),
        "digest": images.volume_digest(replace(image, array=mask.astype(np.uint8))),
        "voxels": voxels,
        "volume_mm3": voxels * float(np.prod(image.spacing_mm)),
        "notes": ";".join(notes),
    }


def read_mask(
    row: Row, image: Volume, facts: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The mask of a row on the grid of an image, and notes.

    Raises
    ------
    IngestFault
        Telling why the outline cannot be used on this image.
    """
    source = Path(row["source"])
    if nifti.is_nifti(source):
        mask, notes = nifti.read_mask(source, image), ("NIFTI_SOURCE",)
        if not mask.any():
            raise IngestFault(
                "ROI_EMPTY", f"{source.name} has no voxel of label 1. Check the mask."
            )
        return mask, notes
    roi = read_roi(source, row.get("roi"))
    accept = row["subject_id"] in settings["accept_frame_of_reference_mismatch"]
    linked = link_notes(
        roi, facts.get("series"), facts.get("frame_of_reference"), accept
    )
    found = rasterize(roi.contours, image, settings["contour_tolerance"])
    return found.mask, (*linked, *found.notes)


@lru_cache(maxsize=1)
def _image(path: str) -> Volume:
    """The image of several masks in a row is read once."""
    return images.read(path)


@lru_cache(maxsize=1)
def _facts(path: str) -> dict[str, Any]:
    return read_json(path)
