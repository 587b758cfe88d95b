"""The one reader of tables that people and other programs wrote.

Sheets, tables of features and of phantoms and clinical tables pass it, whatever kind
of file they are. A table is read as it was meant, or refused with the line, the column,
the value and what to do: a row that lost a cell is not filled up, of two columns with
one name none is taken, and a character that cannot be decoded is not guessed.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..config_faults import Fault
from ..errors import StudyError, TableError, quoted
from ..file_names import misleading
from . import text_file, workbook
from .cleaning import clean, control_faults, is_damaged, tidy_name
from .formulas import restored

#: Columns whose cells are paths, which a file system knows by their exact characters.
VERBATIM = frozenset({"source"})

#: What a spreadsheet writes where a formula failed.
FORMULA_ERRORS = frozenset(
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"]
)
_MAX_SHOWN = 5

#: Line of a row; of a table of several files, with the name of its file.
Line = int | str


class OutsideTable(NamedTuple):
    """A table as text: names of columns, cells of rows, and the line of each row."""

    columns: list[str]
    rows: list[list[str]]
    lines: list[int]


class OutsideTableError(TableError):
    """A table that is refused; `faults` lists every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{fault}." for fault in faults))
        self.faults = list(faults)


def read_outside(
    path: str | Path,
    missing: Collection[str] = (),
    sheet: str | None = None,
    is_reviewed: bool = False,
) -> OutsideTable:
    """Read a table of text, also as `.gz`, or an Excel workbook, known by its content.

    Cells lose blanks around them, characters that cannot be seen, and the apostrophe
    that kept a formula from being one (`formulas`); rows and columns without any cell
    are left out.

    Parameters
    ----------
    path : path
        The file.
    missing : collection of str
        Words that are allowed although they tell of a failed formula.
    sheet : str, optional
        Sheet of a workbook; without it the only one that holds cells.
    is_reviewed : bool
        Whether a person looks through what becomes of it, so that what is not UTF-8
        is read as Windows-1252, and the first sheet of several.

    Raises
    ------
    OutsideTableError
        Listing what is wrong.
    """
    where = str(path)
    try:
        grid = _grid(Path(path), sheet, is_reviewed)
    except StudyError as error:
        text = str(error).removesuffix(".")
        raise OutsideTableError([Fault(where, "", text)]) from None
    grid = [(line, row) for line, row in grid if any(map(str.strip, row))]
    if not grid:
        expected = "the file is empty, expected a line of column names"
        raise OutsideTableError([Fault(where, "", expected)])
    (_, names), *rows = grid
    if faults := [*_ragged(names, rows)]:
        raise OutsideTableError([Fault(where, *fault) for fault in faults])
    if faults := [*control_faults(names, rows)]:
        raise OutsideTableError([Fault(where, *fault) for fault in faults])
    table = _named(names, rows)
    faults = [*_name_faults(table), *_row_faults(table, frozenset(missing))]
    if faults:
        raise OutsideTableError([Fault(where, *fault) for fault in faults])
    return _without_blank_columns(table)


def column_names(path: str | Path) -> list[str]:
    """Names of the columns of a table, read once per state of the file."""
    stat = Path(path).stat()
    return list(_column_names(str(path), stat.st_mtime_ns, stat.st_size))


def require_visible(path: str | Path, names: list[str]) -> list[str]:
    """Names of the columns of a Parquet file, which keeps what tables of text lose.

    Raises
    ------
    OutsideTableError
        Naming columns by their number whose name holds what cannot be seen.
    """
    faults = [
        Fault(str(path), f"column {place}", f"the name holds {sign}; rename it")
        for place, name in enumerate(names, 1)
        if (sign := misleading(name))
    ]
    if faults:
        raise OutsideTableError(faults)
    return names


@lru_cache(maxsize=8)
def _column_names(path: str, _time_ns: int, _size: int) -> tuple[str, ...]:
    return tuple(read_outside(path, FORMULA_ERRORS).columns)


def several(items: Sequence[object]) -> str:
    """The first items of a list, and how many more there are."""
    shown = ", ".join(map(str, items[:_MAX_SHOWN]))
    more = len(items) - _MAX_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def at_lines(lines: Sequence[Line]) -> str:
    """Lines of a file, in words."""
    return f"{'line' if len(lines) == 1 else 'lines'} {several(lines)}"


_Grid = list[tuple[int, list[str]]]
_Faults = list[tuple[str, str]]


def _grid(path: Path, sheet: str | None, is_reviewed: bool) -> _Grid:
    """Lines with their numbers; those of a workbook are as wide as the widest."""
    content = text_file.content_of(path)
    is_named_so = path.suffix.lower() in (".xlsx", ".xlsm")
    if is_named_so or content.startswith(b"PK\x03\x04"):
        return workbook.numbered_rows(path, content, sheet, is_reviewed)
    return text_file.numbered_rows(path, content, is_reviewed)


def _ragged(names: list[str], rows: _Grid) -> _Faults:
    """Lines with another number of cells than the others, or than the first."""
    widths = Counter(len(row) for _, row in rows)
    width = len(names)
    if rows and width not in widths:
        width = widths.most_common(1)[0][0]
    faults = []
    for found in sorted(set(widths) - {width}):
        lines = [line for line, row in rows if len(row) == found]
        has = "has" if len(lines) == 1 else "have"
        faults.append(
            (
                "",
                f"{at_lines(lines)} {has} {found} cells, the first line {len(names)}; "
                "a cell was lost or a separator stands in one that is not quoted: "
                "write one cell per column, empty where nothing is known",
            )
        )
    if rows and not faults and width != len(names):
        faults = _narrow_names(names, rows)
    return faults


def _narrow_names(names: list[str], rows: _Grid) -> _Faults:
    """The first line if it has other cells than the rest, which are all as wide."""
    width = len(rows[0][1])
    if width > len(names) and not any(any(row[len(names) :]) for _, row in rows):
        return []
    if width < len(names) and not any(map(str.strip, names[width:])):
        return []
    return [
        (
            "line 1",
            f"has {len(names)} cells, the lines below have {width}; give every column "
            "a name in the first line",
        )
    ]


def _named(names: list[str], rows: _Grid) -> OutsideTable:
    """The table with tidy names and cells, all rows as wide as the widest."""
    width = max([len(names), *(len(row) for _, row in rows)])
    columns = [restored(tidy_name(name)) for name in names]
    columns += [""] * (width - len(names))
    kept = [place for place, name in enumerate(columns) if name in VERBATIM]
    cells = []
    for _, row in rows:
        tidy = clean(row) + [""] * (width - len(row))
        for place in kept:
            tidy[place] = row[place].strip() if place < len(row) else ""
        cells.append([restored(cell) if cell[:1] == "'" else cell for cell in tidy])
    return OutsideTable(columns, cells, [line for line, _ in rows])


def _name_faults(table: OutsideTable) -> _Faults:
    """Columns that share a name, or have none although they hold something."""
    faults = []
    for name, count in Counter(table.columns).items():
        if name and count > 1:
            message = f"{count} columns have this name; rename or remove one"
            faults.append((name, message))
        if is_damaged(name):
            message = "the name holds a character that was lost; save it as UTF-8"
            faults.append((name, message))
    for place, name in enumerate(table.columns):
        if not name and not _is_row_number(table, place):
            faults += _unnamed(table, place)
    return faults


def _unnamed(table: OutsideTable, place: int) -> _Faults:
    """A column without a name, if it holds something."""
    numbered = zip(table.lines, table.rows, strict=True)
    filled = [(line, row[place]) for line, row in numbered if row[place]]
    return [
        (
            f"line 1, column {place + 1}",
            f"has no name, but line {line} holds {quoted(value)} there; give every "
            "column its own name in the first line (merged cells name only their "
            "first column)",
        )
        for line, value in filled[:1]
    ]


def _is_row_number(table: OutsideTable, place: int) -> bool:
    """True of a first column that counts rows, as data frames are written."""
    cells = [row[place] for row in table.rows]
    counts = (list(map(str, range(start, len(cells) + start))) for start in (0, 1))
    return place == 0 and cells in counts


def _row_faults(table: OutsideTable, allowed: frozenset[str]) -> _Faults:
    """Names that are repeated below, failed formulas, characters that were lost."""
    numbered = list(zip(table.lines, table.rows, strict=True))
    again = [line for line, row in numbered if row == table.columns]
    faults = []
    if again:
        message = "repeats the names of the columns; remove it"
        faults.append((at_lines(again), message))
    wrong = FORMULA_ERRORS - {word.upper() for word in allowed}
    numbered = [(line, row) for line, row in numbered if _is_suspect("".join(row))]
    for place, name in enumerate(table.columns):
        for value in sorted({row[place] for _, row in numbered}):
            if told := _wrong_text(value, wrong):
                lines = [line for line, row in numbered if row[place] == value]
                where = f"{at_lines(lines)}, column {name!r}"
                faults.append((where, f"{quoted(value, name)} {told}"))
    return faults


def _is_suspect(text: str) -> bool:
    """True if cells may hold what `_wrong_text` tells, asked of a row at once."""
    return "#" in text or not text.isascii()


def _wrong_text(value: str, wrong: frozenset[str]) -> str:
    if value.startswith("#"):
        if value in wrong or set(value) == {"#"}:
            return "is a formula that failed; correct it or leave the cell empty"
    elif not value.isascii() and is_damaged(value):
        return "holds a character that was lost; save the table as UTF-8 anew"
    return ""


def _without_blank_columns(table: OutsideTable) -> OutsideTable:
    kept = [place for place, name in enumerate(table.columns) if name]
    if len(kept) == len(table.columns):
        return table
    rows = [[row[place] for place in kept] for row in table.rows]
    return OutsideTable([table.columns[place] for place in kept], rows, table.lines)
