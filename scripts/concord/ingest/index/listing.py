"""The files of a root, by what the file system tells without opening them."""

import os
from hashlib import blake2b
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


def state(root: Path) -> str:
    """A hash that changes when a file appears, disappears or changes."""
    digest = blake2b(digest_size=8)
    if root.is_dir():
        for path, size, mtime_ns in listing(root):
            digest.update(f"{path}\0{size}\0{mtime_ns}\n".encode())
    return digest.hexdigest()


def wanted_state(root: str, folder: Path, rescan: bool) -> str:
    """State that the index of a root is to show: of its files now, or as it was.

    Parameters
    ----------
    root : str
        Name of the root.
    folder : Path
        Its folder.
    rescan : bool
        Look at the files; otherwise take the last index, empty if there is none.
    """
    if rescan:
        return state(folder)
    last = Path(f"private/index/{root}_state.txt")
    return last.read_text(encoding="utf-8") if last.is_file() else ""


def _printable(name: str) -> str:
    """A path whose bytes are no text, with the odd ones as numbers."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
