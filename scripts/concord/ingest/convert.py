"""One image of the study: read, checked, written with its acquisition facts."""

import filecmp
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydicom import Dataset

from .. import images
from ..files import write_json
from ..images import Volume
from . import grid, nifti, pixels, sidecar, suv
from . import header as hd
from .rows import IMAGE_KEYS, Row, image_name
from .series import select


def write_image(row: Row, folder: Path, final: Path) -> dict[str, Any]:
    """Convert the source of one row of the image sheet.

    Parameters
    ----------
    row : mapping
        `subject_id`, `site`, `session`, `modality` and `source`.
    folder : Path
        Where the files are written.
    final : Path
        Where they will be, as the table tells it.

    Returns
    -------
    dict
        A row of table kind "images".
    """
    volume, facts = read_image(Path(row["source"]), row["modality"])
    name = image_name(row)
    images.write(volume, folder / f"{name}.nii.gz")
    write_json(facts, folder / f"{name}.json")
    return {key: row[key] for key in IMAGE_KEYS} | {
        "path": str(final / f"{name}.nii.gz"),
        "sidecar": str(final / f"{name}.json"),
        "digest": images.volume_digest(volume),
    }


def read_image(source: Path, modality: str) -> tuple[Volume, dict[str, Any]]:
    """The volume and the facts of a DICOM folder or a NIfTI file.

    Raises
    ------
    IngestFault
        Telling why the source is not one usable image.
    """
    if nifti.is_nifti(source):
        return nifti.read_image(source, modality)
    return read_series(source, modality)


@hd.tolerant()
def read_series(folder: Path, modality: str) -> tuple[Volume, dict[str, Any]]:
    """The volume of the only series of a modality, in HU, SUVbw or scanner units."""
    selection = select(folder, modality)
    paths, headers, notes = _distinct(
        selection.files, [hd.read(path) for path in selection.files]
    )
    pixels.require_usable(paths, headers, modality)
    found = grid.regular_grid(headers)
    paths = [paths[index] for index in found.order]
    headers = [headers[index] for index in found.order]
    uptake = suv.body_weight_suv(headers) if modality == "PT" else suv.Suv(1.0)
    array = pixels.volume_array(paths, headers, modality, uptake.factor)
    pixels.require_hounsfield(array, modality)
    volume = Volume(array, found.spacing_mm, found.origin_mm, found.direction)
    notes = [*selection.notes, *notes, *found.notes, *uptake.notes]
    facts = sidecar.series_facts(headers, modality) | uptake.facts
    return volume, facts | sidecar.volume_facts(volume, modality, notes)


def _distinct(
    paths: Sequence[Path], headers: Sequence[Dataset]
) -> tuple[list[Path], list[Dataset], list[str]]:
    """Files without exact copies of another one."""
    seen: dict[str, list[Path]] = defaultdict(list)
    kept = []
    for path, header in zip(paths, headers, strict=True):
        same = seen[hd.text(header, "SOPInstanceUID") or ""]
        if not any(filecmp.cmp(path, other, shallow=False) for other in same):
            kept.append((path, header))
        same.append(path)
    dropped = len(paths) - len(kept)
    notes = [f"DUPLICATE_INSTANCE {dropped} files"] if dropped else []
    return [path for path, _ in kept], [header for _, header in kept], notes
