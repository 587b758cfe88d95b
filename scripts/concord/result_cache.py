"""Content-addressed cache of the files of results that one job makes together.

A job that makes many results, such as the fits of all arms, runs again when one of
them is concerned. What decides on each result is hashed; those whose hash is known are
copied from the cache, and only the others are made.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .files import sha256, whole_folder
from .provenance import digest


@dataclass(frozen=True)
class Result:
    """Files of one result, by the names that the cache gives them."""

    decisive: Any  # settings, hashes of input files and of code, as JSON values
    files: Mapping[str, str | Path]

    def copied_from(self, folder: Path) -> bool:
        """Copy the files from the cache; False if it has not all of them."""
        stored = self._folder(folder)
        if not all((stored / name).is_file() for name in self.files):
            return False
        for name, path in self.files.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(stored / name, path)
        return True

    def store(self, folder: Path) -> None:
        """Copy the files to the cache, unless one of them was not made."""
        if all(Path(path).is_file() for path in self.files.values()):
            with whole_folder(self._folder(folder)) as stored:
                for name, path in self.files.items():
                    shutil.copyfile(path, stored / name)

    def remove(self) -> None:
        """Remove files that an earlier job left."""
        for path in self.files.values():
            Path(path).unlink(missing_ok=True)

    def _folder(self, folder: Path) -> Path:
        key = digest(self.decisive, length=32)
        return folder / key[:2] / key


def complete(
    results: Sequence[Result], make: Callable[[list[int]], None], folder: Path
) -> list[int]:
    """Have the files of all results, made anew only where the cache lacks them.

    Parameters
    ----------
    results : sequence of Result
        Results of the job.
    make : callable
        Makes the files of the results of the numbers that it is given. If it fails, the
        results that it finished are in the cache for the next time.
    folder : Path
        The cache. It may be deleted at any time; results are then made anew.

    Returns
    -------
    list of int
        Numbers of the results that were made.
    """
    for result in results:
        result.remove()
    missing = [n for n, one in enumerate(results) if not one.copied_from(folder)]
    if missing:
        try:
            make(missing)
        finally:
            for number in missing:
                results[number].store(folder)
    return missing


def hash_of(*paths: str | Path) -> str:
    """Hash of files and of all files in folders, with their names in the folders."""
    return digest([_hashes(Path(path)) for path in paths], length=32)


def _hashes(path: Path) -> Iterable[tuple[str, str]]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [
        (file.relative_to(path).as_posix(), sha256(file))
        for file in files
        if file.is_file()
    ]
