"""Files that a table of features was read from."""

from collections.abc import Sequence
from typing import NamedTuple

from ..files import sha256
from ..tables.stacked import Files, listed, named, short_names


class SourceFile(NamedTuple):
    """A file of the table: its name, and the hash of its content."""

    name: str
    sha256: str


def source_files(files: Files) -> list[SourceFile]:
    """Name and hash of each file, in the order in which their rows stand."""
    paths = listed(files)
    names = short_names(paths)
    return [SourceFile(n, sha256(path)) for n, path in zip(names, paths, strict=True)]


def in_words(files: Sequence[SourceFile]) -> str:
    """Names of the files, for messages and sentences."""
    return named([file.name for file in files])
