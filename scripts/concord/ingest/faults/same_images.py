"""Images that are the same to the last voxel, under several subjects or sessions."""

from collections.abc import Iterable, Iterator
from typing import Any

from .rows import EXCLUDED_KEYS, IMAGE_KEYS, Row

CODE = "SAME_IMAGE"
_WHERE = ("subject_id", "session", "image")


def same_images(images: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """A note for each image whose voxels and grid are those of another image.

    One patient that was filed twice would be learnt from and judged at once; an image
    that was filed as its own repetition would be repeatable without having been
    repeated. Images of one subject and session, such as two names of one series, are
    not compared.

    Parameters
    ----------
    images : iterable of mapping
        Rows of table kind "images" of the whole study.

    Yields
    ------
    dict
        Rows of table kind "ingest_report".
    """
    alike: dict[str, list[Row]] = {}
    for row in sorted(images, key=lambda row: [str(row[key]) for key in IMAGE_KEYS]):
        alike.setdefault(row["digest"], []).append(row)
    for rows in alike.values():
        for row in rows:
            others = [one for one in rows if _place(one) != _place(row)]
            if others:
                yield _note(row, others)


def _place(row: Row) -> tuple[str, str]:
    return str(row["subject_id"]), str(row["session"])


def _note(row: Row, others: list[Row]) -> dict[str, Any]:
    named = "; ".join(" ".join(str(one[key]) for key in _WHERE) for one in others)
    keys = {name: row.get(name) for name in EXCLUDED_KEYS}
    return {
        "stage": "gather_ingest",
        **keys,
        "severity": "note",
        "code": CODE,
        "text": f"all voxels and the grid are those of {named}. Correct the source of "
        "one of them; or, if they are of one patient, name him by "
        "sheets.cluster_column, or leave a subject out by sheets.leave_out.",
        "action": "used",
    }
