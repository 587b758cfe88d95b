"""Check of a study that runs nothing: ``python -m concord.study.entry.check FILE``.

The file is read as data, so that a configuration from somebody else can be looked at
before Snakemake reads it.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ...errors import ConfigError
from ..config import StudyConfig
from .config_file import read_config


class Checked(Protocol):
    """A study without faults, see `study.study`."""

    config: StudyConfig
    path: Path

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of each sheet, by what they are."""
        ...


def told(study: Checked) -> str:
    """Lines that say that a study has no fault, what it holds, and what it reads."""
    counts = ", ".join(f"{n} {what}" for what, n in study.row_counts.items())
    paths = [f"  {key}: {path}" for key, path in paths_read(study.config)]
    head = f"{study.path}: no fault found; {counts}. It reads:"
    return "\n".join([head, *paths, ""])


def paths_read(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Keys that name files or folders outside of the configuration's, with these."""
    yield "data_root", os.path.realpath(config.data_root)
    for folder in config.linked_roots:
        yield "linked_roots", os.path.realpath(folder)
    for path in config.sheets.subjects:
        yield "sheets.subjects", path
    for key in ("images", "masks"):
        yield f"sheets.{key}", getattr(config.sheets, key)
    for path in config.feature_table.path if config.feature_table else ():
        yield "feature_table.path", path
    for path in config.predictions.path if config.predictions else ():
        yield "predictions.path", path
    if config.harmonization.phantom_table is not None:
        yield "harmonization.phantom_table", config.harmonization.phantom_table
    if config.privacy.secret_file is not None:
        yield "privacy.secret_file", config.privacy.secret_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a configuration and what it names; the exit status, 1 with faults."""
    parser = ArgumentParser(description="Check a study; nothing in it is executed.")
    parser.add_argument("file", help="configuration, such as study/config/config.yaml")
    parser.add_argument("--directory", help="folder that it is run in")
    given = parser.parse_args(arguments)
    try:
        sys.stdout.write(_checked(Path(given.file).absolute(), given.directory))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _checked(path: Path, directory: str | None) -> str:
    """Lines about a study, which Snakemake runs in the folder above `config`."""
    from ..study import Study

    raw = read_config(path)
    os.chdir(directory or (path.parent.parent if path.parent.name == "config" else "."))
    return told(Study(raw, path))


if __name__ == "__main__":
    sys.exit(main())
