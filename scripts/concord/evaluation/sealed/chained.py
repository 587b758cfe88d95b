"""Append-only files: one JSON object per line, each with the hash of the one before.

An edit, a removal or a change of order inside such a file is seen when it is read. A
removal of its last lines, or of the whole file, is not: keep it under version control.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import StudyError
from ...files import parse_json, write_text
from ...provenance import canonical_json

#: What the first line names as the hash of the line before it.
START = "0" * 64
#: Keys of the chain itself; all others are of the entry.
BEFORE, HASH = "before", "hash"


def read(path: str | Path) -> list[dict[str, Any]]:
    """Entries of a file, checked; none if there is no file.

    Raises
    ------
    StudyError
        Naming the first line that is not as it was written.
    """
    file = Path(path)
    if not file.is_file():
        return []
    entries: list[dict[str, Any]] = []
    before = START
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        entry = _parsed(line, file, number)
        if entry.get(BEFORE) != before:
            told = (
                f"names {_short(entry.get(BEFORE))} as the hash of the line before, "
                f"expected {_short(before)}"
            )
            raise _broken(file, number, f"{told}: a line was removed, added or moved")
        if entry.get(HASH) != (found := hash_of(entry)):
            told = f"has the hash {_short(entry.get(HASH))}, its content {_short(found)}"
            raise _broken(file, number, f"{told}: the line was edited")
        before = str(entry[HASH])
        entries.append(entry)
    return entries


def append(path: str | Path, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Add an entry to a file, which is checked before; all entries.

    Earlier lines stay as they are, to the byte.
    """
    file, entries = Path(path), read(path)
    before = str(entries[-1][HASH]) if entries else START
    added = {**entry, BEFORE: before}
    added[HASH] = hash_of(added)
    earlier = file.read_text(encoding="utf-8") if entries else ""
    write_text(f"{earlier}{canonical_json(added)}\n", file)
    return [*entries, added]


def hash_of(entry: Mapping[str, Any]) -> str:
    """SHA-256 of an entry and of the hash of the one before, in hex digits."""
    content = {key: value for key, value in entry.items() if key != HASH}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _parsed(line: str, file: Path, number: int) -> dict[str, Any]:
    try:
        entry = parse_json(line)
    except json.JSONDecodeError:
        raise _broken(file, number, "is no JSON: the line was edited") from None
    if not isinstance(entry, dict):
        raise _broken(file, number, "is no object: the line was edited")
    return entry


def _broken(file: Path, number: int, told: str) -> StudyError:
    return StudyError(
        f"{file}: line {number} {told}. The file records what happened and is never "
        "edited; restore it from version control or a backup."
    )


def _short(value: Any) -> str:
    return f"{str(value)[:12]!r}"
