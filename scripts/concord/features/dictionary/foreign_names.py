"""Names of our features in pyradiomics and MIRP, and where they mean another number.

Two shipped tables, one for each tool, hold every feature of both sides. They were
compared on the same voxels, with pyradiomics 3.0.1 and MIRP 2.7.0.
"""

import csv
from dataclasses import dataclass
from functools import cache

from ...errors import StudyError
from ...provenance import SCRIPTS

#: The shipped table of each tool.
TABLES = {
    tool: SCRIPTS.parent / "resources" / f"feature_names_{tool}.tsv"
    for tool in ("pyradiomics", "mirp")
}

#: What the name of the other tool stands for, seen from our feature.
RELATIONS = {
    "equal": "the same number",
    "close": "the same definition by another algorithm; the note says how far apart",
    "converted": "another number, made from ours by the formula of the note",
    "differs": "another number; the note says why",
    "absent": "the other tool has no such feature",
    "extra": "only the other tool has the feature",
}

#: Relations under which a value stands for the other tool's.
COMPARABLE = ("equal", "close")


@dataclass(frozen=True)
class ForeignName:
    """A feature of another tool beside ours; one of the two may be missing."""

    family: str  # ours; empty for `extra`
    feature: str
    name: str  # theirs, of the unfiltered image; empty for `absent`
    relation: str
    note: str

    @property
    def column(self) -> str:
        """Our column for the unfiltered image; empty if there is none."""
        return f"original.{self.family}.{self.feature}" if self.family else ""


@cache
def foreign_names(tool: str) -> tuple[ForeignName, ...]:
    """The table of one tool: our features in their order, then what only it has.

    Raises
    ------
    StudyError
        If there is no table of the tool.
    """
    if tool not in TABLES:
        raise StudyError(
            f"no table of the feature names of {tool!r}, expected one of "
            f"{sorted(TABLES)}. Give its columns as feature_table.names instead."
        )
    with TABLES[tool].open(encoding="utf-8", newline="") as file:
        return tuple(ForeignName(**row) for row in csv.DictReader(file, delimiter="\t"))


@cache
def by_column(tool: str) -> dict[str, ForeignName]:
    """Their names by our column for the unfiltered image."""
    return {row.column: row for row in foreign_names(tool) if row.column}


@cache
def by_name(tool: str) -> dict[str, ForeignName]:
    """The same rows by their name."""
    return {row.name: row for row in foreign_names(tool) if row.name}
