"""Files of folders: the one walk that finds them, and what is no content.

Every source that is a folder is walked here: links are followed, a folder within
itself is entered once, and what cannot be opened is listed rather than left out.
"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

#: Folders that version control, archives and file systems keep for themselves: the
#: contents of DataLad and git-annex lie there a second time.
SKIPPED = frozenset(
    {".git", ".datalad", ".hg", ".svn", "__MACOSX", "@eaDir", "lost+found"}
    | {"$RECYCLE.BIN", "System Volume Information", ".Spotlight-V100", ".Trashes"}
)

#: How the companions begin that macOS writes beside each file (AppleDouble).
_APPLE_DOUBLE = b"\x00\x05\x16\x07"

#: How files begin that stand for a content that was not fetched.
_POINTERS = (b"/annex/objects/", b"../.git/annex/", b"version https://git-lfs.")

#: Bytes that tell a companion or a pointer.
TELLING_BYTES = 24

_FolderKey = tuple[int, int]


class Entry(NamedTuple):
    """A path below a folder: its size in bytes and time of change in ns.

    `error` is what the file system says of a path that cannot be opened: a link that
    leads nowhere (FileNotFoundError), or a folder without access.
    """

    path: str
    size: int = 0
    mtime_ns: int = 0
    error: OSError | None = None


def entries_below(folder: str | Path) -> Iterator[Entry]:
    """All files below a folder, in no order.

    Links are followed, of files and of folders; a link to a folder that it lies in is
    not, as its files are listed already. Links that lead nowhere and folders that
    cannot be opened are entries, too. Folders of `SKIPPED` names are left out.
    """
    return _entries(str(folder), frozenset())


def _entries(folder: str, above: frozenset[_FolderKey]) -> Iterator[Entry]:
    try:
        own = os.stat(folder)
        entries = list(os.scandir(folder))
    except OSError as error:
        yield Entry(folder, error=error)
        return
    inside = above | {(own.st_dev, own.st_ino)}
    for entry in entries:
        yield from _of_entry(entry, inside)


def _of_entry(
    entry: os.DirEntry[str], inside: frozenset[_FolderKey]
) -> Iterator[Entry]:
    try:
        found = entry.stat()
    except OSError as error:
        yield Entry(entry.path, error=_dangling(error, entry.path))
        return
    if stat.S_ISDIR(found.st_mode):
        is_within_itself = (found.st_dev, found.st_ino) in inside
        if entry.name not in SKIPPED and not is_within_itself:
            yield from _entries(entry.path, inside)
    elif stat.S_ISREG(found.st_mode):
        yield Entry(entry.path, found.st_size, found.st_mtime_ns)


def files_below(folder: str | Path) -> list[Path]:
    """All files below a folder, sorted by path, with links that lead nowhere.

    Raises
    ------
    OSError
        If a folder below cannot be opened.
    """
    found = []
    for entry in entries_below(folder):
        if entry.error is not None and not isinstance(entry.error, FileNotFoundError):
            raise entry.error
        found.append(Path(entry.path))
    return sorted(found)


def is_dangling(path: str | Path) -> bool:
    """True if a path is a link to nothing, or to itself.

    Raises
    ------
    OSError
        If the file system does not tell, as without access.
    """
    if not os.path.islink(path):
        return False
    try:
        os.stat(path)
    except OSError as error:
        if isinstance(_dangling(error, str(path)), FileNotFoundError):
            return True
        raise
    return False


def _dangling(error: OSError, path: str) -> OSError:
    """FileNotFoundError of a link that leads nowhere; other errors as they are."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
        return FileNotFoundError(errno.ENOENT, "the link leads nowhere", path)
    return error


def is_companion(name: str, start: bytes) -> bool:
    """True if a file is what macOS writes beside another one, as ``._IM1.dcm``.

    Parameters
    ----------
    name : str
        Name of the file.
    start : bytes
        Its first bytes, at least four if it has as many.
    """
    return name.startswith("._") and start[:4] in (b"", _APPLE_DOUBLE)


def is_pointer(start: bytes) -> bool:
    """True if the first bytes of a file are those of a pointer to its content.

    git-annex and Git LFS leave such a small text in place of what was not fetched.
    """
    return start.startswith(_POINTERS)


def is_fetched(path: Path) -> bool:
    """False if a path is a link that leads nowhere, or a pointer to a content.

    git-annex (DataLad) and Git LFS leave these in place of what was not fetched.
    """
    if is_dangling(path):
        return False
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return not is_pointer(file.read(TELLING_BYTES))
