"""Sheets of an Excel workbook (.xlsx) as text: a ZIP archive of XML files.

Source: ECMA-376, Office Open XML, part 1, chapter 18 (SpreadsheetML).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from ..errors import TableError
from .unpacked import (
    LONGEST_FORMAT,
    MOST_COLUMNS,
    largest,
    require_few_cells,
    require_small,
)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Built-in number formats that show a date, and letters of those that a user made.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT_FORMATS = {9, 10}
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


#: What a damaged workbook makes its parsers raise.
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ET.ParseError, ValueError, IndexError, OverflowError),
)


class _Styles(NamedTuple):
    """Numbers of styles of cells by what they show."""

    dates: frozenset[int]
    percents: frozenset[int]
    digits: dict[int, int]  # style -> number of digits that a number is filled up to


class _Book(NamedTuple):
    """Texts and styles that the cells of all sheets refer to."""

    texts: list[str]
    styles: _Styles
    since_1904: bool


def numbered_rows(
    path: Path, content: bytes, sheet: str | None = None, first: bool = False
) -> list[tuple[int, list[str]]]:
    """Cells of a sheet as text with the number of each row, all rows equally wide.

    Numbers are written without a needless ``.0``, dates as ``2024-01-31``, percents
    with their sign, numbers shown as ``001`` so, truth as 1 and 0, errors of formulas
    such as ``#N/A`` as they stand.

    Parameters
    ----------
    path : Path
        The workbook, for messages.
    content : bytes
        What it holds.
    sheet : str, optional
        Name of a sheet; without it the only one that holds cells.
    first : bool
        Whether the first sheet is taken without a name, whatever others hold.

    Raises
    ------
    TableError
        If the file is no workbook, has no such sheet, several that hold cells and
        none is named, hidden rows, or formulas without a value.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tables = _tables(archive, path.name, sheet, first)
    except _DAMAGES as bad:
        if isinstance(bad, TableError):
            raise
        raise TableError(
            f"{path.name} is no Excel workbook (.xlsx), or a damaged one. Save the "
            "table as CSV or .xlsx and name that file."
        ) from None
    filled = {name: rows for name, rows in tables.items() if rows}
    if len(filled) > 1:
        raise TableError(
            f"the workbook has several sheets that hold cells, {', '.join(filled)}; "
            "keep the one that is meant in a file of its own"
        )
    return next(iter(filled.values()), [])


def _tables(
    archive: zipfile.ZipFile, path: str, sheet: str | None, first: bool
) -> dict[str, list[tuple[int, list[str]]]]:
    """Rows of the sheets that may be meant, by their names."""
    parts = _parts(archive)
    if sheet is not None and sheet not in parts:
        raise TableError(
            f"{path}: no sheet is called {sheet!r}; its sheets are {', '.join(parts)}."
        )
    early = _root(archive, "xl/workbook.xml").find(f"{_MAIN}workbookPr")
    since_1904 = early is not None and early.get("date1904") in ("1", "true")
    book = _Book(_shared_texts(archive), _styles(archive), since_1904)
    names = list(parts)[: 1 if first else None] if sheet is None else [sheet]
    return {name: _table(_root(archive, parts[name]), book) for name in names}


def _table(root: ET.Element, book: _Book) -> list[tuple[int, list[str]]]:
    """Rows that hold something, with their numbers."""
    found, hidden, number = [], [], 0
    for row in root.iter(f"{_MAIN}row"):
        number = int(row.get("r", number + 1))
        cells = _row(row, book)
        if any(map(str.strip, cells)):
            found.append((number, cells))
            if row.get("hidden") in ("1", "true"):
                hidden.append(str(number))
    if hidden:
        raise TableError(
            f"rows {', '.join(hidden[:5])}{' and more' * (len(hidden) > 5)} of the "
            "workbook are hidden, by a filter or by hand; show them, or delete what is "
            "not meant"
        )
    width = max((len(cells) for _, cells in found), default=0)
    require_few_cells(len(found), width)
    return [(n, cells + [""] * (width - len(cells))) for n, cells in found]


def _root(archive: zipfile.ZipFile, part: str) -> ET.Element:
    """The root of a part; an archive tells how large it is before it is unpacked."""
    packed = sum(info.compress_size for info in archive.infolist())
    require_small(archive.getinfo(part).file_size, largest(packed))
    return ET.fromstring(archive.read(part))


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """File of each sheet in the archive, by the name of the sheet."""
    links = {
        link.get("Id"): str(link.get("Target"))
        for link in _root(archive, "xl/_rels/workbook.xml.rels")
    }
    found = {}
    for sheet in _root(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = links[sheet.get(_LINK)]
        part = target.removeprefix("/")
        found[str(sheet.get("name"))] = part if part.startswith("xl/") else f"xl/{part}"
    return found


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = _root(archive, "xl/sharedStrings.xml")
    return [_text(item) for item in root.iter(f"{_MAIN}si")]


def _text(element: ET.Element) -> str:
    """Text of a cell, its pieces of different style joined, without pronunciation."""
    spoken = {id(t) for hint in element.iter(f"{_MAIN}rPh") for t in hint.iter()}
    pieces = (t for t in element.iter(f"{_MAIN}t") if id(t) not in spoken)
    return "".join(piece.text or "" for piece in pieces)


def _own_formats(root: ET.Element) -> dict[int, str]:
    """Codes of the number formats that a user made, without texts and colours."""
    codes = {
        int(f.get("numFmtId", 0)): f.get("formatCode", "")[:LONGEST_FORMAT]
        for f in root.iter(f"{_MAIN}numFmt")
    }
    return {number: _NOT_FORMAT.sub("", code) for number, code in codes.items()}


def _styles(archive: zipfile.ZipFile) -> _Styles:
    """Styles of cells that show a date, a percent, or zeros before a number."""
    if "xl/styles.xml" not in archive.namelist():
        return _Styles(frozenset(), frozenset(), {})
    root = _root(archive, "xl/styles.xml")
    own = _own_formats(root)
    styles = root.find(f"{_MAIN}cellXfs")
    cells = styles if styles is not None else ()
    formats = dict(enumerate(int(xf.get("numFmtId", 0)) for xf in cells))
    codes = {place: own.get(number, "") for place, number in formats.items()}
    return _Styles(
        frozenset(
            place
            for place, number in formats.items()
            if number in _DATE_FORMATS or _DATE_LETTERS.search(codes[place])
        ),
        frozenset(
            place
            for place, number in formats.items()
            if number in _PERCENT_FORMATS or "%" in codes[place]
        ),
        {p: len(code) for p, code in codes.items() if re.fullmatch("0{2,}", code)},
    )


def _row(row: ET.Element, book: _Book) -> list[str]:
    """Cells of a row up to the last one that is there."""
    cells: list[str] = []
    for place, cell in _placed(row, len(cells)):
        cells += [""] * (place - len(cells))
        cells.append(_cell(cell, book))
    return cells


def _placed(row: ET.Element, start: int) -> Iterator[tuple[int, ET.Element]]:
    """Cells with the number of their column, from 0; a file may leave it out."""
    following = start
    for cell in row.iter(f"{_MAIN}c"):
        letters = re.match(r"[A-Z]{1,9}", cell.get("r", ""))
        place = following if letters is None else _column_number(letters[0])
        if place >= MOST_COLUMNS:
            raise TableError(
                f"a cell of the workbook lies in column {place + 1}, expected at most "
                f"{MOST_COLUMNS}; the file is damaged, save it again in Excel"
            )
        yield place, cell
        following = place + 1


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: ET.Element, book: _Book) -> str:
    kind, value = cell.get("t", "n"), cell.find(f"{_MAIN}v")
    if kind == "inlineStr":
        return _text(cell)
    if value is None or value.text is None:
        if kind != "str" and cell.find(f"{_MAIN}f") is not None:
            raise TableError(
                f"the cell {cell.get('r', '')} of the workbook holds a formula without "
                "a value; open it in Excel, let it calculate, and save it"
            )
        return ""
    if kind == "s":
        return book.texts[int(value.text)]
    return (
        _shown(value.text, int(cell.get("s", 0)), book) if kind == "n" else value.text
    )


def _shown(text: str, style: int, book: _Book) -> str:
    """A number as its style shows it, without rounding."""
    if style in book.styles.dates:
        return _date(float(text), book.since_1904)
    if style in book.styles.percents:
        return f"{_plain_number(str(100 * float(text)))}%"
    return _plain_number(text).zfill(book.styles.digits.get(style, 0))


def _plain_number(text: str) -> str:
    """A number as people write it: Excel stores 1 as 1.0 and 0.1 with 17 digits."""
    number = float(text)
    whole = number == int(number) and abs(number) < 1e15
    return str(int(number)) if whole else f"{number:.15g}"


def _date(serial: float, since_1904: bool) -> str:
    """A day number of Excel, which counts from the end of 1899 (or from 1904)."""
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    moment = first + timedelta(days=serial)
    whole = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return (moment.date() if moment == whole else moment).isoformat()
