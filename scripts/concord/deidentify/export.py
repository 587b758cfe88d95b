"""The DICOM of one chunk of the sheets, copied without identifiers."""

import logging
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import ImplicitVRLittleEndian, RTStructureSetStorage

from ..errors import IngestFault
from ..file_names import image_name, mask_name
from ..ingest import nifti
from ..ingest.dicom import header as hd
from ..ingest.dicom.series import select
from ..ingest.faults.rows import IMAGE_KEYS, MASK_KEYS, Row
from ..ingest.segmentation import rois, sources
from . import pixels
from .header import deidentified
from .markings import require_unmarked
from .pseudonyms import Pseudonyms
from .review import Review
from .values import Keeper, NotExported

#: Why an image or a segmentation could not be copied.
_REFUSALS = (NotExported, IngestFault)


@hd.tolerant()
def export_images(
    rows: Iterable[Row], folder: Path, review: Review, reviewed: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Copy the series of rows of the image sheet; one folder each.

    Parameters
    ----------
    review : Review
        Is told of every element of the copies.
    reviewed : sequence of str
        Names of images at which somebody looked; see `privacy.reviewed_images`.

    Returns
    -------
    list of dict
        Rows of table kind "exported". Images that came as NIfTI are left out.
    """
    exported = []
    for row in rows:
        if nifti.is_nifti(Path(row["source"])):
            continue
        target = folder / image_name(row)
        own = Review()
        try:
            count = _copy_series(row, target, own, row["image"] in reviewed)
        except _REFUSALS as refusal:
            shutil.rmtree(target, ignore_errors=True)
            exported.append(_refused(row, IMAGE_KEYS, refusal))
            continue
        review.add(own)
        exported.append(_exported(row, IMAGE_KEYS, target, count))
    return exported


def _copy_series(row: Row, target: Path, review: Review, is_reviewed: bool) -> int:
    """Copy the files of one series; the number of files."""
    files = hd.files_of(Path(row["source"]))
    selection = select(files, row["modality"], row.get("series") or "")
    headers = [file.header for file in selection.files]
    require_unmarked(headers, is_reviewed)
    names = Pseudonyms(row["subject_id"])
    keeper = Keeper.of(names, headers)
    for number, file in enumerate(selection.files, 1):
        clean = deidentified(file.header, names, None, keeper, review.removed)
        pixels.put_image(clean, file)
        _write(clean, target / f"{number:06d}.dcm", review)
    return len(selection.files)


@hd.tolerant()
def export_segmentations(
    rows: Sequence[Row],
    folder: Path,
    merge: bool,
    review: Review,
    reviewed: Sequence[str] = (),
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
        target = folder / f"{mask_name(sharing[0])}.dcm"
        own = Review()
        is_reviewed = sharing[0]["image"] in reviewed
        try:
            regions = dict(_regions(Path(source), sharing, merge))
            names = Pseudonyms(sharing[0]["subject_id"])
            _copy_segmentation(Path(source), target, names, regions, own, is_reviewed)
        except _REFUSALS as refusal:
            target.unlink(missing_ok=True)
            exported += [_refused(row, MASK_KEYS, refusal) for row in sharing]
            continue
        review.add(own)
        exported += [_exported(row, MASK_KEYS, target, 1) for row in sharing]
    return exported


def _copy_segmentation(
    source: Path,
    target: Path,
    names: Pseudonyms,
    regions: Mapping[int, str],
    review: Review,
    is_reviewed: bool,
) -> None:
    header = hd.read(source)
    require_unmarked([header], is_reviewed)
    clean = deidentified(header, names, regions, removed=review.removed)
    if clean.SOPClassUID == RTStructureSetStorage:
        # Contours are longer than a text may be in an encoding that tells its type.
        clean.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    else:
        pixels.put_segments(clean, source)
    _write(clean, target, review)


def _regions(
    source: Path, rows: Iterable[Row], merge: bool
) -> Iterator[tuple[int, str]]:
    """Number and name of each region that a row takes."""
    candidates = sources.opened(source).candidates
    for row in rows:
        try:
            chosen = rois.choose(candidates, row.get("roi"), merge)
        except IngestFault:
            # Only rows that were converted come here: the reader left it out.
            continue
        for candidate in chosen:
            yield candidate.number, str(row["region"])


def _write(clean: Dataset, path: Path, review: Review) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    clean.preamble = b"\0" * 128
    review.note(clean)
    dcmwrite(
        path,
        clean,
        implicit_vr=clean.file_meta.TransferSyntaxUID.is_implicit_VR,
        little_endian=True,
        enforce_file_format=True,
    )


def _exported(
    row: Row, keys: Sequence[str], path: Path, n_files: int
) -> dict[str, Any]:
    empty = dict.fromkeys(MASK_KEYS)
    found = {key: row[key] for key in keys}
    return empty | found | {"path": path.name, "n_files": n_files, "refused": None}


def _refused(row: Row, keys: Sequence[str], refusal: Exception) -> dict[str, Any]:
    found = _exported(row, keys, Path(), 0)
    return found | {"path": None, "refused": str(refusal)}


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
