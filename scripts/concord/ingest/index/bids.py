"""Images and masks of a root in BIDS layout, known by their names alone.

Images lie in ``sub-*/[ses-*/]{anat,pet,ct}/``, masks below ``derivatives/`` with the
suffix ``mask`` or ``dseg``. BIDS has no CT; the folder and suffix ``ct`` are taken in
its style. Of a mask, ``label-`` is the region and ``desc-`` the reader; a ``dseg``
without ``label-`` has one region per row of the TSV beside it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ...config_faults import Fault
from ...folders import is_fetched
from ...tables.outside import OutsideTable, OutsideTableError, read_outside
from . import naming

DEFAULT_READER = "A"

_DATATYPES = {"anat": "MR", "pet": "PT", "ct": "CT"}
_IMAGE_SUFFIXES = {
    "MR": {"T1w", "T2w", "PDw", "FLAIR", "T2star", "T1map", "T2map", "UNIT1"},
    "PT": {"pet"},
    "CT": {"ct"},
}
_MASK_SUFFIXES = {"mask", "dseg"}
_ENTITY = re.compile(r"(sub|ses|label|desc|space|trc|ce)-([A-Za-z0-9]+)")
_DATE = re.compile(r"\d{6,}")
_ENDING = re.compile(r"\.nii(\.gz)?$", re.IGNORECASE)


class BidsFile(NamedTuple):
    """Entities in the path of a NIfTI file in BIDS layout."""

    path: str
    subject: str
    session: str | None
    modality: str
    suffix: str
    is_mask: bool
    region: str | None
    reader: str
    image: str | None


def bids_file(path: str) -> BidsFile | None:
    """A NIfTI file by its path below the root; None if BIDS has no such file."""
    *parents, name = PurePosixPath(path).parts
    *pairs, suffix = _ENDING.sub("", name).split("_")
    entities = {m[1]: m[2] for m in map(_ENTITY.fullmatch, pairs) if m}
    modality = _DATATYPES.get(parents[-1] if parents else "")
    is_mask = "derivatives" in parents and suffix in _MASK_SUFFIXES
    is_image = "derivatives" not in parents and suffix in _IMAGE_SUFFIXES.get(
        modality or "", ()
    )
    if modality is None or "sub" not in entities or not (is_mask or is_image):
        return None
    return BidsFile(
        path,
        entities["sub"],
        entities.get("ses"),
        modality,
        suffix,
        is_mask,
        entities.get("label"),
        entities.get("desc", DEFAULT_READER),
        naming.of_bids(modality, entities.get("space", suffix), entities)
        if is_mask
        else naming.of_bids(modality, suffix, entities),
    )


def series_rows(
    root: Path, name: str, paths: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Rows of table kind "series" of the images and masks among some NIfTI files."""
    for file in filter(None, map(bids_file, paths)):
        shared = {
            "root": name,
            "folder": PurePosixPath(file.path).parent.as_posix(),
            "file": file.path,
            "modality": file.modality,
            "image": file.image,
            "n_files": 1,
            "bids_subject": file.subject,
            "bids_session": file.session,
            # Sessions that are dates are numbered in their order.
            "study_date": file.session if _DATE.search(file.session or "") else None,
        }
        if not file.is_mask:
            yield shared
            continue
        try:
            regions = _regions(root, file)
        except OutsideTableError as error:
            text = f"the table of labels beside it: {error.faults[0]}"
            yield shared | {"code": "UNREADABLE_FILE", "problem": text}
            continue
        for region, roi in regions:
            more = {"bids_region": region, "bids_roi": roi, "bids_reader": file.reader}
            yield shared | more


def _regions(root: Path, file: BidsFile) -> list[tuple[str, str]]:
    """Region and `roi` cell of each region of a mask file.

    Raises
    ------
    OutsideTableError
        If the table of labels beside it can be read in two ways.
    """
    if file.region:
        return [(file.region, "")]
    name = _ENDING.sub(".tsv", file.path)
    if file.suffix == "dseg" and os.path.lexists(root / name):
        if not is_fetched(root / name):
            # A row of the index tells the labels' file, so no region is guessed.
            return []
        return list(_labels(read_outside(root / name), PurePosixPath(name).name))
    return [("region", "")]


def _labels(table: OutsideTable, file: str) -> Iterator[tuple[str, str]]:
    """Name and number of each label of a table."""
    if absent := [name for name in ("index", "name") if name not in table.columns]:
        raise OutsideTableError([Fault(file, absent[0], "the column is missing")])
    for line, cells in zip(table.lines, table.rows, strict=True):
        row = dict(zip(table.columns, cells, strict=True))
        if not row["name"] or not row["index"].isdecimal():
            text = f"line {line} has no name, or an index that is no whole number"
            raise OutsideTableError([Fault(file, "", text)])
        yield row["name"], row["index"]
