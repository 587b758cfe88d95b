"""The DICOM of one chunk of the sheets, copied without identifiers."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pydicom.filewriter import dcmwrite

from ..errors import StudyError
from ..file_names import image_name, mask_name
from ..ingest import nifti
from ..ingest.dicom import header as hd
from ..ingest.dicom.frames import open_file, whole
from ..ingest.dicom.series import select
from ..ingest.faults.rows import IMAGE_KEYS, MASK_KEYS, Row
from ..ingest.segmentation import rois, sources
from .header import deidentified
from .pseudonyms import Pseudonyms


@hd.tolerant()
def export_images(rows: Iterable[Row], folder: Path) -> list[dict[str, Any]]:
    """Copy the series of rows of the image sheet; one folder each.

    Returns
    -------
    list of dict
        Rows of table kind "exported". Images that came as NIfTI are left out.
    """
    exported = []
    for row in rows:
        source = Path(row["source"])
        if nifti.is_nifti(source):
            continue
        selection = select(
            hd.files_of(source), row["modality"], row.get("series") or ""
        )
        names = Pseudonyms(row["subject_id"])
        target = folder / image_name(row)
        for number, file in enumerate(selection.files, 1):
            _write(whole(file), names, target / f"{number:06d}.dcm")
        exported.append(_exported(row, IMAGE_KEYS, target, len(selection.files)))
    return exported


@hd.tolerant()
def export_segmentations(
    rows: Sequence[Row], folder: Path, merge: bool
) -> list[dict[str, Any]]:
    """Copy the RTSTRUCT and SEG files of rows of the mask sheet; one file each.

    Several rows of one file and subject share it. ROIs and segments get the region
    of the row that takes them as name.

    Parameters
    ----------
    merge : bool
        `ingest.merge_rois` of the configuration.
    """
    by_source: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if not nifti.is_nifti(Path(row["source"])):
            by_source[str(row["source"]), *(row[key] for key in IMAGE_KEYS)].append(row)
    exported = []
    for (source, *_), sharing in by_source.items():
        first = sharing[0]
        target = folder / f"{mask_name(first)}.dcm"
        regions = dict(_regions(Path(source), sharing, merge))
        names = Pseudonyms(first["subject_id"])
        _write(_whole(Path(source)), names, target, regions)
        exported += [_exported(row, MASK_KEYS, target, 1) for row in sharing]
    return exported


def _regions(
    source: Path, rows: Iterable[Row], merge: bool
) -> Iterator[tuple[int, str]]:
    """Number and name of each region that a row takes."""
    candidates = sources.opened(source).candidates
    for row in rows:
        # Only rows that were converted come here: an absent region is an empty one.
        for chosen in rois.choose(candidates, row.get("roi"), merge, True):
            if chosen is not rois.ABSENT:
                yield chosen.number, str(row["region"])


def _whole(path: Path) -> Dataset:
    """A file that was converted, with its pixels."""
    file = open_file(path)
    if file is None:
        raise StudyError("a DICOM file that was converted is none any more. Run again.")
    return whole(file)


def _write(
    header: Dataset,
    names: Pseudonyms,
    path: Path,
    regions: Mapping[int, str] | None = None,
) -> None:
    clean = deidentified(header, names, regions)
    path.parent.mkdir(parents=True, exist_ok=True)
    syntax = clean.file_meta.TransferSyntaxUID
    clean.preamble = b"\0" * 128
    dcmwrite(
        path,
        clean,
        implicit_vr=syntax.is_implicit_VR,
        little_endian=syntax.is_little_endian,
        enforce_file_format=True,
    )


def _exported(
    row: Row, keys: Sequence[str], path: Path, n_files: int
) -> dict[str, Any]:
    empty = dict.fromkeys(MASK_KEYS)
    found = {key: row[key] for key in keys}
    return empty | found | {"path": path.name, "n_files": n_files}


def converted(
    rows: Iterable[Row], done: Iterable[Row], keys: Sequence[str]
) -> list[Row]:
    """Rows of a sheet that the ingest could convert; the others are not exported."""
    known = {tuple(row[key] for key in keys) for row in done}
    rows = list(rows)
    kept = [row for row in rows if tuple(row[key] for key in keys) in known]
    if len(kept) < len(rows):
        logging.warning(
            "%d of %d are not exported, because the ingest excluded them",
            len(rows) - len(kept),
            len(rows),
        )
    return kept
