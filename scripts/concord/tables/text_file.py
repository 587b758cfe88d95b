"""Lines of a text table: unpacked, decoded and split into cells."""

import csv
import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..errors import TableError, quoted
from ..files import delimiter, gunzipped
from . import unpacked

_DELIMITERS = (",", ";", "\t", "|")
_WORDS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
#: Lines and characters by which the separator is recognized.
_LINES, _CHARACTERS = 50, 1_000_000
#: First bytes of files of the old Excel, and of workbooks with a password.
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SAID = re.compile(r'"?sep=(.)"?\r?\n')


def content_of(path: Path) -> bytes:
    """Bytes of a file, unpacked if they are gzip, whatever its name says.

    Raises
    ------
    TableError
        If it does not exist, was cut, unpacks to far more than a table does, or is a
        file of the old Excel.
    """
    if not path.is_file():
        raise TableError("the file does not exist")
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        most = unpacked.largest(len(content))
        try:
            content = gunzipped(content, most)
        except (EOFError, OSError, zlib.error):
            raise TableError(
                "the packed file cannot be unpacked, it was cut or damaged; copy it "
                "again"
            ) from None
        unpacked.require_small(len(content), most)
    if content.startswith(_OLD_EXCEL) or path.suffix.lower() == ".xls":
        raise TableError(
            f"{path.name} is an Excel file of the old format. Save it as .xlsx or CSV, "
            "without a password, and name that file"
        )
    return content


def numbered_rows(
    path: Path, content: bytes, is_reviewed: bool = False
) -> list[tuple[int, list[str]]]:
    """Cells of each line with its number in the file, the first being 1.

    The separator is that of the ending (comma of `.csv`, else tab) or, where that
    parts no column, the one that parts all lines alike.

    Raises
    ------
    TableError
        If characters cannot be decoded, quotes do not close, or two separators fit.
    """
    text = _decoded(content, path, is_reviewed)
    said = _SAID.match(text)
    first = 2 if said else 1
    body = text[said.end() :] if said else text
    sign = said[1] if said else _separator(path, body)
    return list(_rows(body, sign, first))


def _decoded(content: bytes, path: Path, is_reviewed: bool) -> str:
    """Text of UTF-8, or of UTF-16 with its mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise TableError(
                "is cut or damaged text in UTF-16; save it as UTF-8"
            ) from None
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise TableError(
            f"line {line} holds a zero byte, as in UTF-16 without its mark or a file "
            "that is no text; save the table as UTF-8"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = content.decode("cp1252", "replace")
        if is_reviewed:
            return text
        raise TableError(_undecodable(content, text, error.start, path)) from None


def _undecodable(content: bytes, text: str, start: int, path: Path) -> str:
    """Place of the first cell that is not UTF-8, and what it may mean."""
    number = content[:start].count(b"\n")
    lines = text.split("\n")
    sign = _separator(path, text)
    names, cells = (lines[n].rstrip("\r").split(sign) for n in (0, number))
    place = next((n for n, cell in enumerate(cells) if not cell.isascii()), 0)
    column = names[place] if place < len(names) else str(place + 1)
    return (
        f"line {number + 1}, column {column!r}: {quoted(cells[place])} (if it is "
        "Windows-1252) is not UTF-8; save the table as UTF-8, in Excel as 'CSV UTF-8' "
        "or .xlsx"
    )


def _rows(text: str, sign: str, first: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    line, n_cells = first, 0
    try:
        for row in reader:
            n_cells = n_cells or len(row)
            if reader.line_num + first - 1 > line:
                _require_closed(row, sign, line)
            yield line, row
            line = reader.line_num + first
    except csv.Error:
        raise TableError(
            f"line {line}: a quotation mark opens a cell and is not closed before the "
            "next separator; double or remove it"
        ) from None


def _require_closed(row: list[str], sign: str, line: int) -> None:
    """Refuse a cell that swallowed lines, as a lost quotation mark makes one."""
    for cell in row:
        if sign in cell and ("\n" in cell or "\r" in cell):
            raise TableError(
                f"line {line}: the cell {quoted(cell[:30])} runs over several lines "
                "and holds separators; a quotation mark is lost, or remove the line "
                "breaks"
            )


def _separator(path: Path, text: str) -> str:
    own = delimiter(path)
    found = {sign: _widths(text, sign) for sign in _DELIMITERS}
    widths = {sign: counts for sign, counts in found.items() if counts}
    if own not in widths:
        return own
    even = [sign for sign, counts in widths.items() if len(set(counts)) == 1]
    if widths[own][0] > 1:
        rivals = [sign for sign in even if widths[sign][0] > widths[own][0]]
        return _one([own, *rivals])
    fitting = [sign for sign in even if widths[sign][0] > 1]
    named = [sign for sign in widths if widths[sign][0] > 1]
    return _one(fitting or named or [own])


def _one(signs: list[str]) -> str:
    if len(signs) > 1:
        raise TableError(
            f"{' and '.join(_WORDS[sign] for sign in signs)} could both part its "
            "cells; quote the cells that hold one, or save it as .xlsx"
        )
    return signs[0]


def _widths(text: str, sign: str) -> list[int]:
    """Number of cells of the first lines that are not empty."""
    start = text[:_CHARACTERS]
    if len(start) < len(text) and "\n" in start:
        start = start[: start.rindex("\n") + 1]
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=sign)
    try:
        rows = list(islice((row for row in reader if any(row)), _LINES))
    except csv.Error:
        return []
    return [len(row) for row in rows]
