"""One image of the study: read, checked, written with its acquisition facts."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import Dataset

from .. import images
from ..errors import Finding, IngestFault
from ..file_names import image_name
from ..files import write_json
from ..images import Volume
from ..privacy import identifiers, subject_id
from . import nifti, telling_labels, voxel_units
from .acquisition import dates, plausible, sidecar
from .acquisition.derived_facts import transfer_syntax
from .dcm2niix import reader
from .dicom import file_labels, parts, pixel_checks, pixel_sizes, pixels, slice_scale
from .dicom import header as hd
from .dicom.duplicates import distinct
from .dicom.frames import Frame, frames_of
from .dicom.series import Selection, select
from .dicom.sop_classes import require_readable
from .faults.collecting import raise_unwaived
from .faults.rows import IMAGE_KEYS, Row
from .geometry import grid, volumes
from .geometry.consistency import mixture_faults
from .geometry.regrid import rectangular
from .pet import suv
from .settings import ImageSettings

#: No setting changed.
DEFAULTS = ImageSettings()
#: A row of the image sheet without its optional columns.
NO_CELLS: Row = {}


def write_image(
    row: Row, folder: Path, final: Path, settings: ImageSettings = DEFAULTS
) -> dict[str, Any]:
    """Convert the source of one row of the image sheet.

    Parameters
    ----------
    row : mapping
        `subject_id`, `site`, `session`, `image`, `modality` and `source`, and the
        optional columns `series`, `volume`, `backend` and `unit` (of the voxel
        values).
    folder : Path
        Where the files are written.
    final : Path
        Where they will be, as the table tells it.
    settings : ImageSettings
        The part of section `ingest` that decides about images.

    Returns
    -------
    dict
        A row of table kind "images", and `scanned` (private), the time of the scan.
    """
    volume, facts = read_image(row, settings)
    scanned = facts.pop(dates.SCANNED, None)
    facts["notes"] = [*telling_labels.notes_of(row), *facts["notes"]]
    if row.get("unit") and row["modality"] == "MR":
        facts["Units"] = row["unit"]
    name = image_name(row)
    images.write(volume, folder / f"{name}.nii.gz")
    write_json(facts, folder / f"{name}.json")
    return {key: row[key] for key in (*IMAGE_KEYS, "modality")} | {
        "path": str(final / f"{name}.nii.gz"),
        "sidecar": str(final / f"{name}.json"),
        "digest": images.volume_digest(volume),
        dates.SCANNED: scanned,
    }


def read_image(
    row: Row, settings: ImageSettings = DEFAULTS
) -> tuple[Volume, dict[str, Any]]:
    """The volume and the facts of a DICOM folder, a DICOM file or a NIfTI file.

    Parameters
    ----------
    row : mapping
        `source` and `modality`, and perhaps `subject_id`, `series`, `volume` and
        `backend`.
    settings : ImageSettings
        The part of section `ingest` that decides about images.

    Raises
    ------
    IngestFault
        Telling why the source is not one usable image.
    """
    source = Path(row["source"])
    if not nifti.is_nifti(source):
        volume, facts = read_series(source, row["modality"], row, settings)
        told = {"the image sheet": row.get("unit"), "the header": facts["Units"]}
        voxel_units.agreed(row["modality"], told, settings.suv)
        return volume, facts
    volume, facts = nifti.read_image(
        source,
        row["modality"],
        row.get("volume") or "",
        row.get("unit") or "",
        settings,
    )
    late = _value_notes(volume.array, row["modality"], row, settings)
    return volume, plausible.checked(facts | {"notes": [*facts["notes"], *late]})


@hd.tolerant()
def read_series(
    source: Path, modality: str, row: Row = NO_CELLS, settings: ImageSettings = DEFAULTS
) -> tuple[Volume, dict[str, Any]]:
    """The volume of one DICOM series, in HU, SUV or scanner units, and its facts."""
    paths = hd.files_of(source)
    with file_labels.numbered(paths):
        selection = select(paths, modality, row.get("series") or "")
        named = row.get("subject_id") or ""
        subject_id.require_tells_nobody(named, selection.files[0].header)
        if row.get("backend"):
            return _by_backend(selection, modality, row, settings)
        require_readable(selection.files[0].header, modality)
        return _by_ourselves(selection, modality, row, settings)


def _by_ourselves(
    selection: Selection, modality: str, row: Row, settings: ImageSettings
) -> tuple[Volume, dict[str, Any]]:
    """The volume of a series as its own files tell it."""
    files, copies = distinct(selection.files)
    frames = [frame for file in files for frame in frames_of(file)]
    found = [
        *parts.missing_parts([file.header for file in files]),
        *pixel_checks.pixel_faults(frames, modality),
    ]
    name, frames = _of_volume(frames, row.get("volume") or "")
    found += pixel_sizes.size_faults(frames, settings.max_voxels)
    headers = [frame.header for frame in frames]
    lattice, faults = grid.examined(headers, settings)
    found += [*faults, *mixture_faults(headers)]
    found += parts.fewer_slices_than_told(headers, modality)
    waived = _raise(found, row, settings)
    if lattice is None:
        raise ValueError("a grid without faults is absent")
    frames = [frames[index] for index in lattice.order]
    array, uptake, late = _values(frames, modality, row, settings)
    volume, repairs = rectangular(array, lattice, modality)
    notes = [*selection.notes, *copies, *waived, *late, *lattice.notes, *repairs]
    notes += [*pixel_checks.pixel_notes(frames), *uptake.notes]
    facts = sidecar.volume_facts(volume, modality, notes)
    headers = [frame.header for frame in frames]
    facts = sidecar.series_facts(headers, modality) | facts | uptake.facts
    facts["TransferSyntax"] = transfer_syntax(frames[0].file.header)
    return volume, _discreet(facts | ({"volume": name} if name else {}), headers)


def _of_volume(frames: Sequence[Frame], wanted: str) -> tuple[str, list[Frame]]:
    """Name and frames of the volume that the sheet names, or of the only one."""
    part = volumes.choose([frame.header for frame in frames], wanted)
    return part.name, [frames[index] for index in part.indices]


def _discreet(facts: dict[str, Any], headers: Sequence[Dataset]) -> dict[str, Any]:
    """Facts without words that identify the patient, and the time of the scan."""
    identifying = identifiers.identifying_words(headers)
    kept, removed = identifiers.without_identifiers(facts, identifying)
    kept["notes"] = [*kept["notes"], *removed]
    return plausible.checked(kept) | {dates.SCANNED: dates.scanned(headers)}


def _values(
    frames: list[Frame], modality: str, row: Row, settings: ImageSettings
) -> tuple[np.ndarray, suv.Suv, list[str]]:
    """Values of the slices, what made PET values SUV, and notes on the values."""
    headers = [frame.header for frame in frames]
    uptake = suv.Suv(np.ones(len(frames)))
    if modality == "PT":
        uptake = suv.standardized(headers, settings.suv)
    array = pixels.volume_array(frames, modality, uptake.factor)
    scale = slice_scale.rescale_faults(headers, array, modality)
    waived = _raise([*uptake.conflicts, *scale], row, settings)
    return array, uptake, [*waived, *_value_notes(array, modality, row, settings)]


def _value_notes(
    array: np.ndarray, modality: str, row: Row, settings: ImageSettings
) -> list[str]:
    """Notes on the values of an image, whatever it was read from; or a fault."""
    pixels.require_hounsfield(array, modality)
    if modality == "CT":
        return [*_raise(pixels.range_faults(array), row, settings)]
    if modality == "PT":
        waived = _raise(suv.range_faults(array), row, settings)
        return [*waived, *suv.range_notes(array)]
    return []


def _raise(
    found: Iterable[Finding], row: Row, settings: ImageSettings
) -> tuple[str, ...]:
    """Raise what the study does not waive; the notes of what it does."""
    return raise_unwaived(found, settings, str(row.get("subject_id") or ""))


def _by_backend(
    selection: Selection, modality: str, row: Row, settings: ImageSettings
) -> tuple[Volume, dict[str, Any]]:
    """The volume of a series as another program reads it, checked by its headers."""
    if row["backend"] != reader.NAME:
        raise IngestFault(
            "BACKEND_UNKNOWN",
            f"the column `backend` may be empty or {reader.NAME}. Correct the sheet.",
        )
    wanted = row.get("volume") or ""
    read = reader.read(selection.files, modality, wanted, settings.max_voxels)
    headers = [file.header for file in read.files]
    late = _value_notes(read.volume.array, modality, row, settings)
    notes = [*selection.notes, *read.notes, *late]
    facts = sidecar.volume_facts(read.volume, modality, notes)
    facts = sidecar.series_facts(headers, modality) | facts
    return read.volume, _discreet(facts, headers)
