"""One mask of the study: a segmentation on the grid of its image."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .. import images
from ..errors import IngestFault
from ..file_names import mask_name
from ..files import read_json
from ..images import Volume
from ..privacy import subject_id
from . import shared_mask, telling_labels
from .faults.rows import IMAGE_KEYS, MASK_KEYS, Row
from .segmentation import checks, rois, sources
from .segmentation.options import options_of
from .settings import MaskSettings

ImageKey = tuple[str, ...]


def image_key(row: Row) -> ImageKey:
    """Key of the image of a row."""
    return tuple(str(row[key]) for key in IMAGE_KEYS)


def write_mask(
    row: Row,
    converted: Mapping[ImageKey, Row],
    settings: MaskSettings,
    folder: Path,
    final: Path,
    listing: rois.Listing,
) -> dict[str, Any]:
    """Convert the source of one row of the mask sheet.

    Parameters
    ----------
    row : mapping
        The keys of a mask, `source` and `roi`; and, if it was made on another image
        of the session, the name of that one as `segmented_on`.
    converted : mapping
        Rows of the images table by `image_key`.
    settings : MaskSettings
        The part of section `ingest` that decides about masks.
    folder, final : Path
        Where the file is written, and where it will be.
    listing : rois.Listing
        Takes note of the regions of the source.

    Returns
    -------
    dict
        A row of table kind "masks".
    """
    source = sources.opened(Path(row["source"]), settings.max_voxels)
    if (header := sources.header_of(source)) is not None:
        subject_id.require_tells_nobody(row["subject_id"], header)
    listing.add(row, source.candidates, settings.merge_rois)
    found = _image_of(row, converted)
    image = _grid(found["path"])
    if row.get("segmented_on"):
        mask, checked = _shared(row, found, converted, settings)
    else:
        mask, checked = _checked(row, image, _facts(found["sidecar"]), settings)
    path = folder / f"{mask_name(row)}.nii.gz"
    volume = replace(image, array=mask.view(np.uint8))
    images.write(volume, path)
    voxels = int(np.count_nonzero(mask))
    return {key: row[key] for key in MASK_KEYS} | {
        "path": str(final / path.name),
        "digest": images.volume_digest(volume),
        "voxels": voxels,
        "volume_mm3": voxels * float(np.prod(image.spacing_mm)),
        "n_components": checked.n_components,
        "touches_border": checked.touches_border,
        "notes": ";".join([*telling_labels.notes_of(row), *checked.notes]),
    }


def _image_of(row: Row, converted: Mapping[ImageKey, Row]) -> Row:
    """The converted image of a row; IMAGE_EXCLUDED if there is none."""
    found = converted.get(image_key(row))
    if found is None:
        raise IngestFault(
            "IMAGE_EXCLUDED",
            f"the image {row['image']} of that session was excluded or is not listed, "
            "so its segmentation has no grid. See the row of the image.",
        )
    return found


def read_mask(
    row: Row, image: Volume, facts: Mapping[str, Any], settings: MaskSettings
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The mask of a row on the grid of an image, and notes.

    Parameters
    ----------
    row : mapping
        `subject_id`, `source` and `roi`.
    image : Volume
        Its grid is used; its voxels are not looked at.
    facts : mapping
        Sidecar of the image: `series` and `frame_of_reference`, hashed.
    settings : MaskSettings
        The part of section `ingest` that decides about masks.

    Returns
    -------
    tuple
        Mask of bool, shape (k, j, i), and notes, each a code and its text.

    Raises
    ------
    IngestFault
        Telling why the segmentation cannot be used on this image.
    """
    mask, checked = _checked(row, image, facts, settings)
    return mask, checked.notes


def _checked(
    row: Row, image: Volume, facts: Mapping[str, Any], settings: MaskSettings
) -> tuple[np.ndarray, checks.Checked]:
    """The mask of a row, its facts, and all notes on it."""
    mask, notes = _segmented(row, image, facts, settings)
    checked = checks.check(mask, image, row, settings, rois.FOUND_NOTHING in notes)
    return mask, checked._replace(notes=(*notes, *checked.notes))


def _shared(
    row: Row,
    found: Row,
    converted: Mapping[ImageKey, Row],
    settings: MaskSettings,
) -> tuple[np.ndarray, checks.Checked]:
    """The mask of a row that was made on another image, its facts, and all notes."""
    lender = _image_of({**row, "image": row["segmented_on"]}, converted)
    segmented_on, image = _grid(lender["path"]), _grid(found["path"])
    facts = _facts(lender["sidecar"]), _facts(found["sidecar"])
    mask, notes = _segmented(row, segmented_on, facts[0], settings)
    options = options_of(settings, row["subject_id"])
    mask, more = shared_mask.taken_over(mask, segmented_on, image, facts, options)
    origin = f"MASK_SHARED the segmentation was made on the image {row['segmented_on']}"
    checked = checks.check(mask, image, row, settings, rois.FOUND_NOTHING in notes)
    return mask, checked._replace(notes=(origin, *notes, *more, *checked.notes))


def _segmented(
    row: Row, image: Volume, facts: Mapping[str, Any], settings: MaskSettings
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The mask of a row on the image it was made on, not yet checked, and notes."""
    source = sources.opened(Path(row["source"]), settings.max_voxels)
    may_be_absent = (
        sources.is_blank(source) or row.get("reader") in settings.absent_is_empty
    )
    chosen = rois.choose(
        source.candidates, row.get("roi"), settings.merge_rois, may_be_absent
    )
    options = options_of(settings, row["subject_id"])
    return sources.source_mask(source, chosen, image, facts, options)


@lru_cache(maxsize=2)
def _grid(path: str) -> Volume:
    """The grid of an image; that of several masks in a row is read once."""
    return images.read_grid(path)


@lru_cache(maxsize=2)
def _facts(path: str) -> dict[str, Any]:
    return read_json(path)
