"""What a run read before its first job, kept for jobs that would read it again.

On a cluster every job reads the workflow, the configuration and the sheets anew, while
Snakemake records what the first process made of them. An edit in between would be
computed with and never be seen again. So the first process keeps what it read, and the
others take it from there; what a job reads by itself is compared (`concord.planned`).
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ConfigError
from ..files import read_json, write_json
from ..planned import PLACE, write_inputs
from .sheets import Sheet


class Frozen(NamedTuple):
    """Configuration, rows of sheets by path, states of sources, code by script."""

    config: dict[str, Any]
    sheets: dict[str, list[Any]]
    states: dict[str, str]
    codes: dict[str, str]

    def sheet(self, path: Path) -> Sheet | None:
        """A sheet as it was; None if it was not read."""
        kept = self.sheets.get(str(path))
        return None if kept is None else Sheet(path, *kept)

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
    """Where a run, known by the path of its cache of sources, keeps what it read."""
    return PLACE / Path(run).name


def freeze(run: str, frozen: Frozen, inputs: Mapping[str, str]) -> None:
    """Keep what a run read, and hashes of files that its jobs read by themselves."""
    write_json(frozen._asdict(), folder_of(run) / "study.json")
    write_inputs(folder_of(run), inputs)


def frozen(run: str) -> Frozen | None:
    """What a run read; None if it keeps nothing."""
    path = folder_of(run) / "study.json"
    return Frozen(**read_json(path)) if path.is_file() else None


def forget(run: str) -> None:
    """Remove what a run kept, at its end."""
    shutil.rmtree(folder_of(run), ignore_errors=True)
