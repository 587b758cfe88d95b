"""The facts of all files of a root, kept between two scans."""

import logging
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ... import tables
from ...errors import TableError
from .scan import UNOPENED, FileFacts


def write_file_facts(facts: Sequence[FileFacts], path: str | Path) -> None:
    """Write facts as a Parquet table of kind "files"."""
    table = pd.DataFrame(facts, columns=list(FileFacts._fields))
    # As text: the checks of tables take numbers for floats, which are too coarse.
    table["mtime_ns"] = table["mtime_ns"].map(str)
    tables.write_parquet(table, path, "files")


def read_file_facts(path: str | Path) -> list[FileFacts]:
    """Facts of an earlier scan; none if there was no scan, or one of another kind."""
    if not Path(path).is_file():
        return []
    try:
        table = tables.read_parquet(path, "files").astype(object)
    except TableError:
        logging.warning("the table of files has other columns; all files are read")
        return []
    table = table.where(table.notna(), None)
    table["mtime_ns"] = table["mtime_ns"].map(int)
    columns = (table[name].tolist() for name in FileFacts._fields)
    found = (FileFacts(*cells) for cells in zip(*columns, strict=True))
    # Who may open a file is no change of it: it is tried again.
    return [one for one in found if not (one.text or "").startswith(UNOPENED)]
