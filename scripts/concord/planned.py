"""Record of what a run read before its first job, and check of its jobs against it.

On a cluster every job reads the workflow, the configuration and the sheets anew, while
Snakemake records what the first process made of them. An edit in between would be
computed with and never be seen again. So the first process keeps what it read, and the
others take it from there; what a job reads by itself is compared at its end.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .errors import ChangedFileError, ConfigError
from .files import read_json, sha256, write_json
from .provenance import PACKAGE, SCRIPTS, code_fingerprint
from .settings import RuleSettings
from .source_state import require_unchanged

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
