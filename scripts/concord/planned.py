"""Check of what a job read against what its run knew when it was planned."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .errors import ChangedFileError
from .files import read_json, sha256, write_json
from .settings import RuleSettings
from .source_state import require_unchanged

#: Where runs keep what they read, one folder for each that is going.
PLACE = Path(".snakemake", "concord")
#: Variable of the environment that tells a job the folder of its run.
RUN = "CONCORD_RUN"


def write_inputs(folder: Path, inputs: Mapping[str, str]) -> None:
    """Keep the SHA-256 of files, by path, that jobs of a run read by themselves."""
    write_json(dict(inputs), folder / "inputs.json")


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
