"""Append-only files: JSON objects, each with the hash of the one before.

An edit, a removal or a change of order inside such a file is seen when it is read. A
removal of its last lines, or of the whole file, is not: keep it under version control.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import StudyError
from ...files import parse_json, read_json, write_text
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
    lines = file.read_text(encoding="utf-8").splitlines()
    return require_chain([_parsed(x, file, n) for n, x in enumerate(lines, 1)], file)


def read_versions(path: str | Path) -> list[dict[str, Any]]:
    """Versions of a registered plan, checked; none if there is no file.

    Raises
    ------
    StudyError
        If the file is no registration, or a version is not as it was written.
    """
    file = Path(path)
    if not file.is_file():
        return []
    try:
        versions = [dict(one) for one in read_json(file)["versions"]]
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        told = "is no registration, expected an object with the list `versions`"
        raise _broken(file, told) from None
    return require_chain(versions, file, "version")


def append(path: str | Path, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Add an entry to a file, which is checked before; all entries.

    Earlier lines stay as they are, to the byte.
    """
    file, entries = Path(path), read(path)
    added = linked(entries, entry)
    earlier = file.read_text(encoding="utf-8") if entries else ""
    write_text(f"{earlier}{canonical_json(added)}\n", file)
    return [*entries, added]


def linked(
    entries: Sequence[Mapping[str, Any]], entry: Mapping[str, Any]
) -> dict[str, Any]:
    """An entry with the hash of the last of some others, and its own."""
    before = str(entries[-1][HASH]) if entries else START
    added = {**entry, BEFORE: before}
    return added | {HASH: hash_of(added)}


def require_chain(
    entries: Sequence[dict[str, Any]], file: Path, noun: str = "line"
) -> list[dict[str, Any]]:
    """The entries, or StudyError naming the first that is not as it was written."""
    before = START
    for number, entry in enumerate(entries, 1):
        if entry.get(BEFORE) != before:
            told = (
                f"names {_short(entry.get(BEFORE))} as the hash of the {noun} before, "
                f"expected {_short(before)}: a {noun} was removed, added or moved"
            )
            raise _broken(file, f"{noun} {number} {told}")
        if entry.get(HASH) != (found := hash_of(entry)):
            told = (
                f"has the hash {_short(entry.get(HASH))}, its content {_short(found)}"
            )
            raise _broken(file, f"{noun} {number} {told}: it was edited")
        before = str(entry[HASH])
    return list(entries)


def hash_of(entry: Mapping[str, Any]) -> str:
    """SHA-256 of an entry and of the hash of the one before, in hex digits."""
    content = {key: value for key, value in entry.items() if key != HASH}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _parsed(line: str, file: Path, number: int) -> dict[str, Any]:
    try:
        entry = parse_json(line)
    except json.JSONDecodeError:
        raise _broken(file, f"line {number} is no JSON: it was edited") from None
    if not isinstance(entry, dict):
        raise _broken(file, f"line {number} is no object: it was edited")
    return entry


def _broken(file: Path, told: str) -> StudyError:
    return StudyError(
        f"{file}: {told}. The file records what happened and is never edited; restore "
        "it from version control or a backup."
    )


def _short(value: Any) -> str:
    return repr(str(value)[:12])
