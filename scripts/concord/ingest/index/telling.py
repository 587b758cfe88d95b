"""Parts of paths and names of regions that may become no name in a draft.

What tells who a patient is, `identity` has found file by file. Here a folder tells it
of all files below it, and a reader of all files by him.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from . import regions

Row = Mapping[str, Any]


def folders(row: Row) -> tuple[str, ...]:
    """Folders of a row below its root."""
    return tuple(p for p in PurePosixPath(row["folder"]).parts if p != ".")


def telling_sessions(series: Iterable[Row]) -> set[tuple[str, ...]]:
    """Root, top folder and second folder, where the second one tells a patient."""
    return {_session(row) for row in series if 2 in _places(row)}


def is_telling_session(row: Row, telling: set[tuple[str, ...]]) -> bool:
    """True if the session of a row may not be called by its folder."""
    return len(folders(row)) > 1 and _session(row) in telling


def readers(series: Iterable[Row]) -> dict[str, str]:
    """Names of the readers in a draft, by their names in the files."""
    told, found = set(), set()
    for row in series:
        reader = regions.reader_of(row["file"])
        found |= {reader, row["bids_reader"] or reader}
        told |= {reader} if len(folders(row)) + 1 in _places(row) else set()
    return regions.reader_names(found, told)


def roi_regions(row: Row, names: Sequence[str]) -> list[str]:
    """The region of each ROI of a row."""
    return regions.roi_regions(names, row["telling_rois"])


def telling_rois(series: Iterable[Row]) -> frozenset[str]:
    """Names of ROIs that tell who a patient is."""
    found = set()
    for row in series:
        names = json.loads(row["rois"] or "[]")
        places = (row["telling_rois"] or "").split()
        found |= {names[int(place) - 1] for place in places}
    return frozenset(found)


def _session(row: Row) -> tuple[str, ...]:
    return (row["root"], *folders(row)[:2])


def _places(row: Row) -> set[int]:
    return {int(place) for place in (row["telling"] or "").split()}
