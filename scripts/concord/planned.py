"""Record of what a run read before its first job, and check of its jobs against it.

On a cluster every job reads the workflow, the configuration and the sheets anew, while
Snakemake records what the first process made of them. An edit in between would be
computed with and never be seen again. So the first process keeps what it read, and the
others take it from there; what a job reads by itself is compared at its end.

Sources are known by a hash of names, sizes and times, without opening them, so that a
file that was replaced under its old name, wherever below a folder it lies, is seen.
Tables are small and are known by their content.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from .errors import ChangedFileError, ConfigError
from .files import read_json, sha256, write_json
from .folders import SKIPPED
from .provenance import PACKAGE, SCRIPTS, code_fingerprint
from .settings import RuleSettings

#: What cannot be looked at counts as a state of its own, never as nothing.
_ABSENT, _UNREADABLE, _LOOP = "absent", "unreadable", "a link to a folder above"

#: What a run itself writes, which lies in a source if that is the folder of the study.
WRITTEN = ("results", "private", "logs", ".snakemake", "registered")


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
            at_home = os.path.samestat(own, os.stat("."))
            left_out = SKIPPED.union(WRITTEN if at_home else ())
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


#: Where runs keep what they read, one folder for each that is going.
PLACE = Path(".snakemake", "concord")
#: Variable of the environment that tells a job the folder of its run.
RUN = "CONCORD_RUN"


class Frozen(NamedTuple):
    """Configuration, rows of sheets by path, states of sources, code by script."""

    config: dict[str, Any]
    sheets: dict[str, list[Any]]
    states: dict[str, str]
    codes: dict[str, str]

    def require_code(self, codes: Mapping[str, str]) -> None:
        """Raise ConfigError if a script does other things than at the start."""
        shared = sorted(self.codes.keys() & codes.keys())
        changed = [name for name in shared if codes[name] != self.codes[name]]
        if changed:
            raise ConfigError(
                f"the code of {', '.join(changed)} changed while a run was going, so "
                "this job would compute what is recorded of the other. Stop the run, "
                "and start it again."
            )


def folder_of(run: str) -> Path:
    """Folder in which a run, known by its cache of sources, keeps what it read."""
    return PLACE / Path(run).name


def freeze(run: str, frozen: Frozen, inputs: Mapping[str, str]) -> None:
    """Keep what a run read, and the SHA-256 of files that its jobs read themselves."""
    write_json(frozen._asdict(), folder_of(run) / "study.json")
    write_json(dict(inputs), folder_of(run) / "inputs.json")


def frozen(run: str) -> Frozen | None:
    """The record of a run; None if it keeps nothing."""
    path = folder_of(run) / "study.json"
    return Frozen(**read_json(path)) if path.is_file() else None


def forget(run: str) -> None:
    """Remove what a run kept, at its end."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def require_as_planned(job: Any) -> None:
    """Raise ChangedFileError if what a job read is not what its run was planned with.

    Asked at the end of a job, it covers all that was read before.
    """
    planned = RuleSettings.model_validate(
        {
            name: states
            for name, states in json.loads(job.params.spec).items()
            if name in RuleSettings.model_fields
        }
    )
    require_unchanged(planned.sources)
    require_unchanged(planned.tables, planned.tables)
    kept = Path(os.environ.get(RUN, PLACE / "none"), "inputs.json")
    if kept.is_file():
        _require_inputs(read_json(kept), map(str, job.input))
        _require_code(job, kept.stat().st_mtime_ns)


def _require_code(job: Any, started_ns: int) -> None:
    """Raise ChangedFileError if a job ran other code than its run was planned with.

    Code is compared only if a file of it was touched since the run started.
    """
    loaded = [
        module.__file__
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == PACKAGE and module.__file__
    ]
    # Snakemake runs a copy, whose name ends in that of the script.
    name = Path(str(getattr(sys.modules["__main__"], "__file__", ""))).name
    script = SCRIPTS / ".".join(name.split(".")[-2:])
    files = [*map(Path, loaded), script] if script.is_file() else []
    if not any(os.stat(path).st_ctime_ns > started_ns for path in files):
        return
    if code_fingerprint(script.name) != job.params.code:
        raise ChangedFileError(
            f"the code of {script.name} changed while the run was going, so this job "
            "did other things than are recorded of it. Its results are discarded. Run "
            "again."
        )


def _require_inputs(known: Mapping[str, str], paths: Iterable[str]) -> None:
    for path in paths:
        if path in known and sha256(path) != known[path]:
            raise ChangedFileError(
                f"{path} was edited while the run was going, so this job read other "
                "rows than are recorded of it. Its results are discarded. Run again."
            )
