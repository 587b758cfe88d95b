"""The files of a root, by what the file system tells without opening them."""

import os
from pathlib import Path

from ... import folders

#: Path below the root, size in bytes, time of the last change in ns.
Stat = tuple[str, int, int]


def listing(root: Path) -> list[Stat]:
    """Path below the root, size and time of change of all files, sorted.

    Links are followed. What cannot be opened is listed like a file, so that the index
    tells it.
    """
    skip = len(str(root)) + 1
    return sorted(
        (_printable(entry.path[skip:]) or ".", entry.size, entry.mtime_ns)
        for entry in folders.entries_below(root)
    )


def place(root: Path, path: str) -> str:
    """Place of a path among the files of a root, as no log may hold its name."""
    files = [one[0] for one in listing(root)]
    number = files.index(path) + 1 if path in files else 0
    return f"file {number} of {len(files)} of the root"


def _printable(name: str) -> str:
    """A path whose bytes are no text, with the odd ones as numbers."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
