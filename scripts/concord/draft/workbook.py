"""Sheets of an Excel workbook (.xlsx) as text: a ZIP archive of XML files.

Source: ECMA-376, Office Open XML, part 1, chapter 18 (SpreadsheetML).
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from ..errors import StudyError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Built-in number formats that show a date, and letters of those that a user made.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def rows(path: Path, sheet: str | None = None) -> list[list[str]]:
    """Cells of a sheet as text, the first sheet if none is named.

    Numbers are written without a needless ``.0``, dates as ``2024-01-31``, truth as
    1 and 0, errors of formulas such as ``#N/A`` as they stand.

    Raises
    ------
    StudyError
        If the file is no workbook or has no such sheet.
    """
    with _opened(path) as archive:
        parts = _parts(archive)
        name = next(iter(parts)) if sheet is None else sheet
        if name not in parts:
            raise StudyError(
                f"{path.name}: no sheet is called {name!r}; its sheets are "
                f"{', '.join(parts)}."
            )
        texts, dated = _shared_texts(archive), _dated_styles(archive)
        early = _root(archive, "xl/workbook.xml").find(f"{_MAIN}workbookPr")
        since_1904 = early is not None and early.get("date1904") in ("1", "true")
        table = _root(archive, parts[name])
        return [
            _row(row, texts, dated, since_1904) for row in table.iter(f"{_MAIN}row")
        ]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise StudyError(
            f"{path.name} is no Excel workbook (.xlsx). Save the table as CSV or .xlsx "
            "and name that file."
        ) from None


def _root(archive: zipfile.ZipFile, part: str) -> ET.Element:
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


def _dated_styles(archive: zipfile.ZipFile) -> set[int]:
    """Numbers of the styles of cells that show a date."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    root = _root(archive, "xl/styles.xml")
    own = {
        int(f.get("numFmtId", 0)): _NOT_FORMAT.sub("", f.get("formatCode", ""))
        for f in root.iter(f"{_MAIN}numFmt")
    }
    styles = root.find(f"{_MAIN}cellXfs")
    numbers = (
        [int(xf.get("numFmtId", 0)) for xf in styles] if styles is not None else []
    )
    return {
        place
        for place, number in enumerate(numbers)
        if number in _DATE_FORMATS or _DATE_LETTERS.search(own.get(number, ""))
    }


def _row(
    row: ET.Element, texts: list[str], dated: set[int], since_1904: bool
) -> list[str]:
    """Cells of a row up to the last one that is there."""
    cells: list[str] = []
    for place, cell in _placed(row, len(cells)):
        cells += [""] * (place - len(cells))
        text = _cell(cell, texts)
        if text and int(cell.get("s", 0)) in dated and cell.get("t", "n") == "n":
            text = _date(float(text), since_1904)
        cells.append(text)
    return cells


def _placed(row: ET.Element, start: int) -> Iterator[tuple[int, ET.Element]]:
    """Cells with the number of their column, from 0; a file may leave it out."""
    following = start
    for cell in row.iter(f"{_MAIN}c"):
        letters = re.match(r"[A-Z]+", cell.get("r", ""))
        place = following if letters is None else _column_number(letters[0])
        yield place, cell
        following = place + 1


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: ET.Element, texts: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.find(f"{_MAIN}v")
    if kind == "inlineStr":
        return _text(cell)
    if value is None or value.text is None:
        return ""
    if kind == "s":
        return texts[int(value.text)]
    return _plain_number(value.text) if kind == "n" else value.text


def _plain_number(text: str) -> str:
    """A number as people write it: Excel stores 1 as 1.0 and 0.1 with 17 digits."""
    number = float(text)
    whole = number == int(number) and abs(number) < 1e15
    return str(int(number)) if whole else f"{number:.15g}"


def _date(serial: float, since_1904: bool) -> str:
    """A day number of Excel, which counts from the end of 1899 (or from 1904)."""
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    return (first + timedelta(days=serial)).date().isoformat()
