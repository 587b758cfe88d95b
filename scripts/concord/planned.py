"""Record of what a run read before its first job, and check of its jobs against it.

On a cluster every job reads the workflow, the configuration and the sheets anew, while
Snakemake records what the first process made of them. An edit in between would be
computed with and never be seen again. So the first process keeps what it read, and the
others take it from there; what a job reads by itself is compared at its end.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .errors import ChangedFileError, ConfigError
from .files import read_json, sha256, write_json
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
    _require_inputs(map(str, job.input))


def _require_inputs(paths: Iterable[str]) -> None:
    kept = Path(os.environ.get(RUN, PLACE / "none"), "inputs.json")
    known: dict[str, str] = read_json(kept) if kept.is_file() else {}
    for path in paths:
        if path in known and sha256(path) != known[path]:
            raise ChangedFileError(
                f"{path} was edited while the run was going, so this job read other "
                "rows than are recorded of it. Its results are discarded. Run again."
            )
