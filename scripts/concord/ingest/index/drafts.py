"""Drafts of the study's sheets from the series found; the user reviews them.

The rule for the names of folders: the top folder below the root is the subject; the
next one is the session, unless it is the last one or it names a modality or a kind of
file (CT, MR_T1, FDG_PET, RT, image, mask ...), then the session is ``baseline``. Files
directly below the root get a keyed hash as subject. By default all do; then sessions
are called by the folder only if its name is of common words such as ``retest`` or
``week_6``. Others, those named by a date, and those whose folders hold a name or a
number of the patient are numbered in the order of the dates; regions and readers of
such names are called by a vocabulary or by number. Files in BIDS layout have the labels
of BIDS, dates among them numbered, too. Images are named by `naming`.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from ...tables.kinds import KINDS
from . import naming, regions
from .ascii_names import folder_id as _id
from .series_table import IMAGES, SEGMENTATIONS
from .session_names import is_called_as_usual
from .telling import folders, is_telling_session, readers, roi_regions, telling_sessions

Row = Mapping[str, Any]

DEFAULT_SESSION = "baseline"

_NOT_A_SESSION = re.compile(
    r"(?<![a-z])(?:ct|mri?|pt|pet|rt|rtstruct|rtss|seg|images?|masks?|dicom|dcm)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{6,}|\d{1,4}[-_. ]\d{1,2}[-_. ]\d{1,4}")


def named(series: Iterable[Row], subject_ids: str) -> list[dict[str, Any]]:
    """Rows of table kind "series" with the subject, session and image of each.

    Parameters
    ----------
    series : iterable of mapping
        Rows of table kind "series"; missing values are None.
    subject_ids : str
        ``"folder"`` or ``"keyed_hash"``, see `privacy.subject_ids`.
    """
    series = list(series)
    keyed = {
        (row["root"], _top(row))
        for row in series
        if subject_ids == "keyed_hash" or not folders(row)
    }
    number = _session_numbers(series)
    telling = telling_sessions(series)
    by_hash = subject_ids == "keyed_hash"
    rows = [
        dict(row)
        | {
            "subject_id": _subject(row, (row["root"], _top(row)) in keyed),
            "session": _session(
                row,
                is_telling_session(row, telling)
                or (by_hash and not is_called_as_usual(row)),
                number,
            ),
        }
        for row in series
    ]
    return naming.with_images(rows, _is_usable_image)


def image_rows(series: Iterable[Row], roots: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the image sheet, sorted: one per series and folder.

    A 4D series has a row for each of its volumes, an image named by both.

    Parameters
    ----------
    series : iterable of mapping
        Rows that `named` returned.
    roots : mapping
        Folder of each root, relative to the study's data root.
    """
    usable = [row for row in series if _is_usable_image(row)]
    sharing = Counter((r["root"], r["folder"], r["modality"]) for r in usable)
    rows = []
    for row in usable:
        several = sharing[row["root"], row["folder"], row["modality"]] > 1
        choice = row["series_number"] or row["series"]
        rows += [
            _keys(row)
            | {"image": image, "volume": volume, "modality": row["modality"]}
            | {"source": _path(roots, row, "file" if _is_bids(row) else "folder")}
            | {"series": choice if several and not _is_bids(row) else None}
            for image, volume in _volumes(row)
        ]
    columns = KINDS["images_sheet"]
    return _distinct({name: row.get(name) for name in columns} for row in rows)


def mask_rows(series: Iterable[Row], roots: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the mask sheet, sorted: one per segmented region of an image.

    Regions whose names differ by the image alone have one name.
    """
    series = list(series)
    images = _images_by_series(series)
    called = readers(series)
    rows = []
    for row in series:
        if row["bids_region"]:
            region, reader = regions.region(row["bids_region"]), row["bids_reader"]
            cells = {"region": region, "roi": row["bids_roi"], "reader": called[reader]}
            rows.append(_mask_row(row, roots, cells))
        image = _segmented_image(row, images)
        names = json.loads(row["rois"] or "[]") if image else []
        for name, region in zip(names, roi_regions(row, names), strict=True):
            cells = {"region": region, "roi": name}
            cells["reader"] = called[regions.reader_of(row["file"])]
            keys = {"subject_id": image["subject_id"], "session": image["session"]}
            (keys["image"], _), *others = _volumes(image)
            mask = _mask_row(dict(row) | keys, roots, cells)
            shared = " ".join(name for name, _ in others)
            rows.append(mask | ({"also_for": shared} if shared else {}))
    return _distinct(regions.in_common(rows))


def unlisted_rows(
    series: Iterable[Row], roots: Mapping[str, str], listed: Iterable[str]
) -> list[dict[str, Any]]:
    """Rows of table kind "unlisted": series that no sheet of the study uses.

    Parameters
    ----------
    listed : iterable of str
        Sources of the study's sheets: a folder lists the images below it, a file
        lists a segmentation or an image.
    """
    series = list(series)
    sources = {str(PurePosixPath(source)) for source in listed}
    images = _images_by_series(series)
    return [
        {key: row[key] for key in ("root", "folder", "modality", "n_files", "code")}
        | {"reason": _reason(row, images)}
        for row in series
        if not _is_listed(row, roots, sources)
    ]


def linkage_rows(series: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of table kind "linkage": which patient each subject id stands for."""
    rows = [
        {"root": row["root"], "subject_id": row["subject_id"]}
        | {"patient_id": row["patient_id"], "folder": _top(row)}
        for row in series
        if row["patient"] != "unknown"
    ]
    return _distinct(rows)


def _volumes(row: Row) -> list[tuple[str, str | None]]:
    """Image and volume of each row that a series has in the image sheet."""
    names = json.loads(row.get("volumes") or "[]")
    if not names:
        return [(row["image"], None)]
    return [(f"{row['image']}_{name}", name) for name in names]


def _subject(row: Row, is_keyed: bool) -> str:
    """The subject of a row; a hash starts with a letter, so no tool reads a number."""
    if is_keyed:
        return f"P{row['patient']}"
    return row["bids_subject"] or _id(_top(row))


def _session(row: Row, by_date: bool, number: Mapping[tuple[str, str], int]) -> str:
    dated = _is_bids(row) and row["study_date"]
    if _is_bids(row) and not dated:
        return row["bids_session"] or DEFAULT_SESSION
    parts = folders(row)
    plain = len(parts) < 3 or _NOT_A_SESSION.search(parts[1])
    if dated or by_date or (not plain and _DATE.search(parts[1])):
        place = number.get((row["patient"], row["study_date"] or ""), 1)
        return DEFAULT_SESSION if place == 1 else f"session{place}"
    return DEFAULT_SESSION if plain else _id(parts[1])


def _session_numbers(series: Iterable[Row]) -> dict[tuple[str, str], int]:
    """Place of each study date among those of the patient's images, from 1."""
    dates: dict[str, set[str]] = defaultdict(set)
    for row in series:
        if row["study_date"] and _is_usable_image(row):
            dates[row["patient"]].add(row["study_date"])
    return {
        (patient, date): place
        for patient, found in dates.items()
        for place, date in enumerate(sorted(found), 1)
    }


def _keys(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in ("subject_id", "session", "image")}


def _mask_row(row: Row, roots: Mapping[str, str], cells: Row) -> dict[str, Any]:
    return _keys(row) | {
        "region": cells["region"],
        "reader": cells["reader"],
        "source": _path(roots, row, "file"),
        "roi": cells["roi"] or None,
    }


def _top(row: Row) -> str:
    """The folder of a patient; that of the hash if files lie below the root."""
    parts = folders(row)
    return parts[0] if parts else str(row["patient"])


def _is_bids(row: Row) -> bool:
    return bool(row["bids_subject"])


def _is_usable_image(row: Row) -> bool:
    is_image = row["modality"] in IMAGES and not row["bids_region"]
    return is_image and not row["problem"]


def _images_by_series(series: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in series:
        if _is_usable_image(row) and row["series"]:
            found[row["root"], row["series"]].append(row)
    return found


def _segmented_image(row: Row, images: Mapping[tuple[str, str], Sequence[Row]]) -> Any:
    """The one image series that an RTSTRUCT or SEG cites, if it was found."""
    if row["modality"] not in SEGMENTATIONS or not row["references_series"]:
        return None
    cited = row["references_series"].split("|")
    found = [image for uid in cited for image in images.get((row["root"], uid), [])]
    return found[0] if len(found) == 1 else None


def _path(roots: Mapping[str, str], row: Row, column: str) -> str:
    return str(PurePosixPath(roots[row["root"]], row[column]))


def _distinct(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without exact repeats, sorted by all their cells."""
    unique = {tuple(str(cell or "") for cell in row.values()): row for row in rows}
    return [unique[key] for key in sorted(unique)]


def _is_listed(row: Row, roots: Mapping[str, str], sources: set[str]) -> bool:
    """True if a sheet names a series; files that cannot be read never are."""
    if not row["modality"]:
        return False
    if _is_bids(row) or row["modality"] not in IMAGES:
        return _path(roots, row, "file") in sources
    folder = PurePosixPath(_path(roots, row, "folder"))
    return any(str(place) in sources for place in (folder, *folder.parents))


def _reason(row: Row, images: Mapping[tuple[str, str], Sequence[Row]]) -> str:
    if row["problem"]:
        return str(row["problem"])
    if row["modality"] in SEGMENTATIONS and _segmented_image(row, images) is None:
        return "the segmentation does not cite exactly one image series of this root"
    return "no sheet lists it"
