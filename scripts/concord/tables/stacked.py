"""Several files read as one table: their rows stand below each other.

A consortium sends a file per site or per shipment. What one file is not asked for by
name, another may lack: its cells are empty there. A column that is spelt in two ways is
refused, since both would be half empty.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from ..batch_labels import key
from ..config_faults import Fault
from .outside import Line, OutsideTable, OutsideTableError, read_outside

#: One file, or several whose rows stand below each other.
Files = str | PathLike[str] | Sequence[str | PathLike[str]]


class StackedTable(NamedTuple):
    """A table as text: columns, cells of rows, the line and the file of each row."""

    columns: list[str]
    rows: list[list[str]]
    lines: list[Line]
    files: list[str]


def listed(files: Files) -> list[Path]:
    """Paths of one file or of several."""
    return [*map(Path, [files] if isinstance(files, str | PathLike) else files)]


def named(names: Sequence[str | Path]) -> str:
    """Files in words, in the order in which their rows stand."""
    return ", ".join(map(str, names))


def is_parquet(paths: Sequence[Path]) -> bool:
    """True if all files are Parquet by their names."""
    return all(path.name.lower().endswith(".parquet") for path in paths)


def short_names(paths: Sequence[Path]) -> list[str]:
    """Names of files without their folders, as far as these tell them apart."""
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else str(path) for path in paths]


def read_stacked(
    files: Files, missing: Collection[str] = (), everywhere: Collection[str] = ()
) -> StackedTable:
    """Read one file or several as one table of text, see `outside.read_outside`.

    Parameters
    ----------
    files : path or sequence of path
        The files; their rows stand in this order.
    missing : collection of str
        Words that are allowed although they tell of a failed formula.
    everywhere : collection of str
        Columns that no file may lack if another one has them.

    Raises
    ------
    OutsideTableError
        Listing what is wrong in any of the files.
    """
    paths = listed(files)
    tables: list[OutsideTable] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            tables.append(read_outside(path, missing))
        except OutsideTableError as error:
            faults += error.faults
    if not faults:
        names = [table.columns for table in tables]
        faults = [*column_faults(paths, names, everywhere)]
    if faults:
        raise OutsideTableError(faults)
    return _below_each_other(tables, short_names(paths))


def united(columns: Sequence[Sequence[str]]) -> list[str]:
    """Columns of several files, each once, in the order in which they appear."""
    return list(dict.fromkeys(name for names in columns for name in names))


def column_faults(
    paths: Sequence[Path],
    columns: Sequence[Sequence[str]],
    everywhere: Collection[str] = (),
) -> Iterator[Fault]:
    """Columns that a file lacks although it must not, or that it spells otherwise.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    columns : sequence of sequence of str
        Names of the columns of each.
    everywhere : collection of str
        Columns that no file may lack if another one has them.
    """
    every = united(columns)
    for number, (path, own) in enumerate(zip(paths, columns, strict=True)):
        lacking = [name for name in every if name not in set(own)]
        needed = [name for name in lacking if name in everywhere]
        others = {*united([*columns[:number], *columns[number + 1 :]])}
        alone = [name for name in own if name not in others]
        if needed:
            yield Fault(str(path), needed[0], _missing(needed, alone))
        else:
            before = list(zip(paths, columns, strict=True))[:number]
            yield from _spelt_otherwise(path, alone, before)


def _missing(needed: Sequence[str], alone: Sequence[str]) -> str:
    """Message on columns that a file lacks, with a hint at one that is only there."""
    more = f" ({len(needed) - 1} more, too)" if needed[1:] else ""
    close = get_close_matches(needed[0], alone, n=1, cutoff=0.6)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return (
        f"this column is missing here, but not in every file of the table{more}{hint}"
    )


def _spelt_otherwise(
    path: Path,
    alone: Sequence[str],
    before: Sequence[tuple[Path, Sequence[str]]],
) -> Iterator[Fault]:
    """Columns only of this file that differ in case or blanks from those before it."""
    by_look = {key(name): (name, other) for other, own in before for name in own}
    for name in alone:
        if key(name) in by_look:
            spelt, other = by_look[key(name)]
            yield Fault(
                str(path),
                name,
                f"would be another column than {spelt!r} of {other}; write one name",
            )


def _below_each_other(
    tables: Sequence[OutsideTable], names: Sequence[str]
) -> StackedTable:
    """Rows of several tables under the columns of all; empty where a file has none."""
    columns = united([table.columns for table in tables])
    found = StackedTable(columns, [], [], [])
    for table, name in zip(tables, names, strict=True):
        place = {column: number for number, column in enumerate(table.columns)}
        order = [place.get(column, -1) for column in columns]
        for row in table.rows:
            cells = [*row, ""]  # the last one is that of columns without a place
            found.rows.append([cells[number] for number in order])
        several = len(tables) > 1
        found.lines.extend(f"{n} of {name}" if several else n for n in table.lines)
        found.files.extend([name] * len(table.rows))
    return found
