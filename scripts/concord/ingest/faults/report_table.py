"""Every finding about images and segmentations as one table, for review."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .codes import CODES, WAIVED
from .rows import EXCLUDED_KEYS, Row
from .same_images import same_images

#: Notes are joined by semicolons, which their texts may hold, too.
_BETWEEN_NOTES = re.compile(r";(?=[A-Z][A-Z0-9_]{3,}(?:[ ;]|$))")


def report_rows(
    images: Iterable[tuple[Row, Mapping[str, Any]]],
    masks: Iterable[Row],
    excluded: Iterable[Row],
) -> list[dict[str, Any]]:
    """Rows of table kind "ingest_report", sorted.

    Parameters
    ----------
    images : iterable of (row, sidecar)
        Rows of table kind "images" and the facts of each.
    masks, excluded : iterable of mapping
        Rows of table kinds "masks" and "exclusions".
    """
    rows = [_fault(row) for row in excluded]
    converted = list(images)
    rows += same_images(row for row, _ in converted)
    for row, facts in converted:
        rows += _notes("convert_image", row, facts["notes"])
    for row in masks:
        rows += _notes("convert_mask", row, split_notes(row["notes"]))
    names = [*EXCLUDED_KEYS, "stage", "code", "text"]
    return sorted(rows, key=lambda row: [str(row[name] or "") for name in names])


def split_notes(joined: Any) -> list[str]:
    """The notes in a cell of the masks table."""
    return _BETWEEN_NOTES.split(joined) if isinstance(joined, str) and joined else []


def _fault(row: Row) -> dict[str, Any]:
    keys = {name: _present(row[name]) for name in ("stage", *EXCLUDED_KEYS)}
    finding = {"severity": "fault", "code": row["code"], "text": row["reason"]}
    return keys | finding | {"action": "excluded"}


def _notes(stage: str, row: Row, notes: Iterable[str]) -> Iterator[dict[str, Any]]:
    keys = {name: _present(row.get(name)) for name in EXCLUDED_KEYS}
    for note in notes:
        code, _, text = note.partition(" ")
        waived = code.endswith(WAIVED)
        yield {
            "stage": stage,
            **keys,
            "severity": "waived" if waived else "note",
            "code": code,
            "text": text or CODES[code.removesuffix(WAIVED)].meaning,
            "action": "used",
        }


def _present(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
