"""The files of a root, by what the file system tells without opening them."""

import os
from collections.abc import Iterator
from pathlib import Path

#: Path below the root, size in bytes, time of the last change in ns.
Stat = tuple[str, int, int]


def listing(root: Path) -> list[Stat]:
    """Path below the root, size and time of change of all files, sorted."""
    return sorted(_stats(str(root), len(str(root)) + 1))


def _stats(folder: str, skip: int) -> Iterator[Stat]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        # Listed like a file, so that the index tells that it cannot be opened.
        yield _printable(folder[skip:]) or ".", 0, 0
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _stats(entry.path, skip)
        elif entry.is_file():
            stat = entry.stat()
            yield _printable(entry.path[skip:]), stat.st_size, stat.st_mtime_ns


def _printable(name: str) -> str:
    """A path whose bytes are no text, with the odd ones as numbers."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
