"""Images and masks of a root in BIDS layout, known by their names alone.

Images lie in ``sub-*/[ses-*/]{anat,pet,ct}/``, masks below ``derivatives/`` with the
suffix ``mask`` or ``dseg``. BIDS has no CT; the folder and suffix ``ct`` are taken in
its style. Of a mask, ``label-`` is the region and ``desc-`` the reader; a ``dseg``
without ``label-`` has one region per row of the TSV beside it.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ...folders import is_fetched
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
        for region, roi in _regions(root, file):
            more = {"bids_region": region, "bids_roi": roi, "bids_reader": file.reader}
            yield shared | more


def _regions(root: Path, file: BidsFile) -> list[tuple[str, str]]:
    """Region and `roi` cell of each region of a mask file."""
    if file.region:
        return [(file.region, "")]
    labels = root / _ENDING.sub(".tsv", file.path)
    if file.suffix == "dseg" and os.path.lexists(labels):
        if not is_fetched(labels):
            # A row of the index tells the labels' file, so no region is guessed.
            return []
        with labels.open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table, delimiter="\t"))
        return [(row["name"], row["index"]) for row in rows if _is_label(row)]
    return [("region", "")]


def _is_label(row: dict[str, str]) -> bool:
    return bool(row.get("name")) and (row.get("index") or "").isdigit()
