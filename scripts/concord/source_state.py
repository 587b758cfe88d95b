"""State of the sources of a study: a hash of names, sizes and times, without opening.

The workflow hands it to the jobs that read a source, so that a file that was replaced
under its old name, wherever below a folder it lies, runs them again. Tables are small
and are known by their content.
"""

import os
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

from .errors import ChangedFileError
from .files import sha256

#: What cannot be looked at counts as a state of its own, never as nothing.
_ABSENT, _UNREADABLE, _LOOP = "absent", "unreadable", "a link to a folder above"

#: What a run itself writes, which lies in a source if that is the folder of the study.
_WRITTEN = ("results", "private", "logs", ".snakemake")


class SourceStates:
    """States of sources, each of whose folders is listed once.

    Parameters
    ----------
    known : mapping, optional
        States by path that are not to be looked up, such as those of the plan.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known: dict[str, str] = dict(known or {})

    def of(self, path: str | Path) -> str:
        """State of a file, with what lies beside a NIfTI file, or of a folder.

        16 hex digits. Links are followed; where one leads to a folder above itself,
        that is its state.
        """
        path = str(path)
        if path not in self.known:
            is_folder = os.path.isdir(path)
            self.known[path] = self._folder(path, ()) if is_folder else _file(path)
        return self.known[path]

    def of_table(self, path: str | Path) -> str:
        """State of a table: a hash of its content, or that it is absent."""
        path = str(path)
        if path not in self.known:
            self.known[path] = table_state(path)
        return self.known[path]

    def _folder(self, folder: str, above: tuple[tuple[int, int], ...]) -> str:
        """State of a folder below others, which are known by device and number."""
        try:
            own = os.stat(folder)
            left_out = _WRITTEN if os.path.samestat(own, os.stat(".")) else ()
            found = [one for one in os.scandir(folder) if one.name not in left_out]
        except OSError:
            return _UNREADABLE
        here = (own.st_dev, own.st_ino)
        if here in above:
            return _LOOP
        digest = blake2b(digest_size=8)
        for entry in sorted(found, key=lambda entry: entry.name):
            told = self._entry(entry, (*above, here))
            digest.update(os.fsencode(entry.name) + f"\0{told}\n".encode())
        return digest.hexdigest()

    def _entry(self, entry: os.DirEntry, above: tuple[tuple[int, int], ...]) -> str:
        try:
            if entry.is_dir():
                if entry.path not in self.known:
                    self.known[entry.path] = self._folder(entry.path, above)
                return self.known[entry.path]
            stat = entry.stat()
        except FileNotFoundError:
            return _ABSENT
        except OSError:
            return _UNREADABLE
        return f"{stat.st_size} {stat.st_mtime_ns}"


def table_state(path: str | Path) -> str:
    """Hash of the content of a table, 16 hex digits, or that it is absent."""
    return sha256(path)[:16] if os.path.isfile(path) else _ABSENT


def _file(path: str) -> str:
    """State of a file and, if it is NIfTI, of the facts beside it."""
    stem, dot, _ = path.rpartition(".nii")
    digest = blake2b(digest_size=8)
    for one in [path, f"{stem}.json"] if dot else [path]:
        try:
            stat = os.stat(one)
            digest.update(f"{stat.st_size} {stat.st_mtime_ns}\n".encode())
        except OSError:
            digest.update(f"{_ABSENT}\n".encode())
    return digest.hexdigest()


def require_unchanged(sources: Mapping[str, str], tables: Iterable[str] = ()) -> None:
    """Raise ChangedFileError if a source is not in the state that was planned.

    Parameters
    ----------
    sources : mapping
        States by path.
    tables : iterable of str
        Those of the paths that are tables.
    """
    found, tables = SourceStates(), set(tables)
    for number, (path, planned) in enumerate(sorted(sources.items()), 1):
        now = found.of_table(path) if path in tables else found.of(path)
        if now != planned:
            # Folders of patients often hold their names, which no log may tell.
            known = path if path in tables else f"source {number} of {len(sources)}"
            raise ChangedFileError(
                f"{known} of this job changed after the run was planned (state {now}, "
                f"planned {planned}; sources are counted in the order of their paths), "
                "so the job may have read some files before and others after. Its "
                "results are discarded. Run again."
            )
