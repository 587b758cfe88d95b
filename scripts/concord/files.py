"""Files that are written whole or not at all."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import StudyError


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` that is renamed to it at the end.

    A process that is killed, or one that races with another for the same
    output, leaves either the complete file or none. The temporary name keeps
    the suffix, because some writers choose the format by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


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


def delimiter(path: str | Path) -> str:
    """Separator of the cells of a text table: comma if it ends in .csv, else tab."""
    return "," if Path(path).name.lower().removesuffix(".gz").endswith(".csv") else "\t"


def sha256(path: str | Path) -> str:
    """SHA-256 of a file's content, in hex digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
