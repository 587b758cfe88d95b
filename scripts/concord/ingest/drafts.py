"""Drafts of the study's sheets from the series found; the user reviews them.

The rule for the names of folders: the top folder below the root is the subject;
the next one is the session, unless it is the last one or it names a modality or
a kind of file (CT, MR_T1, FDG_PET, RT, image, mask ...), then the session is
``baseline``. Files directly below the root belong to the hashed patient.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

Row = Mapping[str, Any]

IMAGES = ("CT", "MR", "PT")
DEFAULT_SESSION = "baseline"
DEFAULT_READER = "A"

_NOT_A_SESSION = re.compile(
    r"(.*[^a-z])?(ct|mri?|pt|pet|rt|rtstruct|rtss|seg|images?|masks?|dicom|dcm)"
    r"([^a-z].*)?",
    re.IGNORECASE,
)
_READER = re.compile(r"reader-([A-Za-z0-9]+)")


def image_rows(series: Iterable[Row], roots: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of the image sheet, one per folder and modality, sorted.

    Parameters
    ----------
    series : iterable of mapping
        Rows of table kind "series"; missing values are None.
    roots : mapping
        Folder of each root, relative to the study's data root.
    """
    rows = [
        {
            "subject_id": subject_of(row),
            "session": session_of(row),
            "modality": row["modality"],
            "source": _path(roots, row, "folder"),
        }
        for row in series
        if _is_usable_image(row)
    ]
    return _distinct(rows)


def mask_rows(series: Iterable[Row], roots: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of the mask sheet, one per ROI of each RTSTRUCT that cites one image."""
    series = list(series)
    rows = []
    for row in series:
        image = _outlined_image(row, series)
        if image is None:
            continue
        rows += [
            {
                "subject_id": subject_of(image),
                "session": session_of(image),
                "modality": image["modality"],
                "region": _region(name),
                "reader": _reader(row["file"]),
                "source": _path(roots, row, "file"),
                "roi": name,
            }
            for name in (row["rois"] or "").split("|")
            if name
        ]
    return _distinct(rows)


def unlisted_rows(
    series: Iterable[Row], roots: Mapping[str, str], listed: Iterable[str]
) -> list[dict[str, Any]]:
    """Rows of table kind "unlisted": series that no sheet of the study uses.

    Parameters
    ----------
    listed : iterable of str
        Sources of the study's sheets: a folder lists the images below it, a file
        lists an outline.
    """
    series = list(series)
    sources = {str(PurePosixPath(source)) for source in listed}
    return [
        {
            **{key: row[key] for key in ("root", "folder", "modality", "n_files")},
            "reason": _reason(row, series),
        }
        for row in series
        if not _is_listed(row, roots, sources)
    ]


def subject_of(row: Row) -> str:
    """The subject of a series: the top folder, or else the hashed patient."""
    parts = _folders(row)
    return re.sub(r"[^A-Za-z0-9_-]", "_", parts[0]) if parts else row["patient"]


def session_of(row: Row) -> str:
    """The session of a series by the rule of this module."""
    parts = _folders(row)
    if len(parts) < 3 or _NOT_A_SESSION.fullmatch(parts[1]):
        return DEFAULT_SESSION
    return re.sub(r"[^A-Za-z0-9_-]", "_", parts[1])


def _folders(row: Row) -> tuple[str, ...]:
    return tuple(p for p in PurePosixPath(row["folder"]).parts if p != ".")


def _is_usable_image(row: Row) -> bool:
    return row["modality"] in IMAGES and not row["problem"]


def _outlined_image(row: Row, series: Iterable[Row]) -> Row | None:
    """The one image series that an RTSTRUCT cites, if it was found."""
    if row["modality"] != "RTSTRUCT" or not row["references_series"]:
        return None
    cited = row["references_series"].split("|")
    found = [
        other
        for other in series
        if _is_usable_image(other)
        and other["root"] == row["root"]
        and other["series"] in cited
    ]
    return found[0] if len(found) == 1 else None


def _region(name: str) -> str:
    """An ROI name as a region: letters, digits and underscores."""
    region = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    return region if region[:1].isalpha() else f"roi_{region}"


def _reader(file: str) -> str:
    found = _READER.search(PurePosixPath(file).name)
    return found.group(1) if found else DEFAULT_READER


def _path(roots: Mapping[str, str], row: Row, column: str) -> str:
    return str(PurePosixPath(roots[row["root"]], row[column]))


def _distinct(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Rows without exact repeats, sorted by all their cells."""
    unique = {tuple(row.values()): row for row in rows}
    return [unique[key] for key in sorted(unique)]


def _is_listed(row: Row, roots: Mapping[str, str], sources: set[str]) -> bool:
    """Whether a sheet names a series; files that cannot be read never are."""
    if not row["modality"]:
        return False
    if row["modality"] not in IMAGES:
        return _path(roots, row, "file") in sources
    folder = PurePosixPath(_path(roots, row, "folder"))
    return any(str(place) in sources for place in (folder, *folder.parents))


def _reason(row: Row, series: Iterable[Row]) -> str:
    if row["problem"]:
        return str(row["problem"])
    if row["modality"] == "RTSTRUCT" and _outlined_image(row, series) is None:
        return "the RTSTRUCT does not cite exactly one image series of this root"
    return "no sheet lists it"
