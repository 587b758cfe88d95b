"""Files that are written whole or not at all, private ones for their owner alone."""

import hashlib
import json
import os
import shutil
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import StudyError

#: What zlib calls a stream of gzip with the largest window.
_GZIP = 31

#: Folders of a study that hold what names patients, or rows of its sheets.
PRIVATE = ("private", ".snakemake")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` that is renamed to it at the end.

    A process that is killed, or one that races with another for the same
    output, leaves either the complete file or none. The temporary name keeps
    the suffix, because some writers choose the format by it. In a private folder of
    the study, it is for its owner alone, and so are the folders down to it.
    """
    path = Path(path)
    is_private = close_folders_to(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield temporary
        if is_private:
            os.chmod(temporary, 0o600)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def close_folders_to(path: str | Path) -> bool:
    """Make the private folders down to a file, for their owner alone.

    Whatever the umask says, and whoever made them: Snakemake makes those of outputs.
    Returns False, and does nothing, if the file lies in no private folder.
    """
    parts = Path(os.path.relpath(path)).parts
    if len(parts) < 2 or parts[0] not in PRIVATE:
        return False
    folder = Path()
    for name in parts[:-1]:
        folder /= name
        folder.mkdir(mode=0o700, exist_ok=True)
        _close(folder, 0o700)
    ignore = Path(parts[0], ".gitignore")
    if not ignore.exists():
        ignore.write_text("*\n", encoding="ascii")
        _close(ignore, 0o600)
    return True


def close_private() -> None:
    """Close the private folders of a study, and all files that are in `private`.

    So those of an older version are closed, too. What is linked is left as it is.
    """
    for name in PRIVATE:
        close_folders_to(Path(name, "any"))
    for folder, _, names in os.walk(PRIVATE[0]):
        _close(Path(folder), 0o700)
        for name in names:
            if not os.path.islink(os.path.join(folder, name)):
                _close(Path(folder, name), 0o600)


def _close(path: Path, mode: int) -> None:
    if path.stat().st_mode & _OTHERS:
        try:
            path.chmod(mode)
        except PermissionError:
            raise StudyError(
                f"{path} is open to others and cannot be closed, as it is not yours or "
                "its file system keeps no modes. Have its owner close it with `chmod "
                f"{mode:o} {path}`, or move the study."
            ) from None


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path` that takes its place at the end."""
    path = Path(path)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        yield temporary
        shutil.rmtree(path, ignore_errors=True)
        os.replace(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_leftovers(paths: Iterable[str | Path]) -> None:
    """Remove what processes that were killed left of files or folders to be written.

    Nobody else may be writing them: of the outputs of a job, Snakemake sees to that.
    """
    names: dict[Path, set[str]] = {}
    for path in map(Path, paths):
        names.setdefault(path.parent, set()).add(path.name)
    for folder, wanted in names.items():
        for entry in os.scandir(folder) if folder.is_dir() else ():
            number, _, name = entry.name[1:].partition(".")
            if entry.name[0] == "." and number.isdigit() and name in wanted:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)


def write_text(text: str, path: str | Path) -> None:
    """Write a UTF-8 text file."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(value: Any, path: str | Path) -> None:
    """Write JSON with sorted keys; numbers keep their full precision."""
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
    write_text(text + "\n", path)


def read_json(path: str | Path) -> Any:
    """Read a JSON file; see `parse_json`."""
    return parse_json(Path(path).read_text(encoding="utf-8"))


def parse_json(
    text: str, mapping: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> Any:
    """Value of a text of JSON.

    Parameters
    ----------
    text : str
        The text.
    mapping : callable, optional
        Makes a mapping of its keys and values; a StudyError of it is raised as it is.

    Raises
    ------
    json.JSONDecodeError
        If it is none, or nests deeper, or has a longer number, than can be read.
    """
    try:
        return json.loads(text, object_pairs_hook=mapping)
    except (json.JSONDecodeError, StudyError):
        raise
    except (RecursionError, ValueError) as error:
        raise json.JSONDecodeError(type(error).__name__, "", 0) from None


def gunzipped(content: bytes, most: int, codec: Any = zlib) -> bytes:
    """Unpacked bytes of a gzip file, or the first `most` of them and one more.

    No more than that is ever unpacked, whatever the file claims.

    Parameters
    ----------
    content : bytes
        The file.
    most : int
        Bytes that may be unpacked.
    codec : module
        `zlib`, or one of its kind that is faster.

    Raises
    ------
    EOFError
        If the file was cut.
    zlib.error
        If it is damaged, or none.
    """
    parts, room = [], most + 1
    while room:
        member = codec.decompressobj(_GZIP)
        try:
            parts.append(member.decompress(content, room))
        except codec.error as error:
            raise zlib.error(str(error)) from None
        room -= len(parts[-1])
        if room and not member.eof:
            raise EOFError("it ends before its content does")
        content = member.unused_data.lstrip(b"\0") if member.eof else b""
        if not content:
            break
    return parts[0] if len(parts) == 1 else b"".join(parts)


def delimiter(path: str | Path) -> str:
    """Separator of the cells of a text table: comma if it ends in .csv, else tab."""
    return "," if Path(path).name.lower().removesuffix(".gz").endswith(".csv") else "\t"


def sha256(path: str | Path) -> str:
    """SHA-256 of a file's content, in hex digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
