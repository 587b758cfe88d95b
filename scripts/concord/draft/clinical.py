"""Clinical table of a draft: CSV, TSV or Excel, read as text."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..errors import StudyError
from . import workbook
from .cells import Column, column

_DELIMITERS = (",", ";", "\t", "|")
#: Lines by which the separator is recognized.
_LOOKED_AT = 20


def read_columns(path: Path, sheet: str | None = None) -> dict[str, Column]:
    """Columns of a clinical table by their names, in the order of the file.

    Parameters
    ----------
    path : Path
        CSV, TSV (both also as .gz; separator and encoding are recognized) or .xlsx.
    sheet : str, optional
        Sheet of a workbook; the first one if None.

    Raises
    ------
    StudyError
        If the file cannot be read as a table, or if its columns have no own names.
    """
    if path.suffix.lower() == ".xls":
        raise StudyError(
            f"{path.name} is an Excel file of the old format. Save it as .xlsx or CSV "
            "and name that file."
        )
    is_workbook = path.suffix.lower() in (".xlsx", ".xlsm")
    rows = workbook.rows(path, sheet) if is_workbook else _text_rows(path)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise StudyError(
            f"{path.name} has {len(rows)} lines, expected a line of column names and "
            "one line per subject."
        )
    names, *rest = rows
    names = _column_names(path, names, max(map(len, rest)))
    return {
        name: column(name, [row[place] if place < len(row) else "" for row in rest])
        for place, name in enumerate(names)
    }


def _column_names(path: Path, names: Sequence[str], width: int) -> list[str]:
    """Names of the columns, each its own; those without name and cells are left out."""
    found = [" ".join(name.replace("\ufeff", "").split()) for name in names]
    while found and not found[-1]:
        found.pop()
    if len(found) < width:
        raise StudyError(
            f"{path.name}: a line has {width} cells, its first line names "
            f"{len(found)} columns. Give every column a name in the first line."
        )
    repeated = [name or "(empty)" for name, n in Counter(found).items() if n > 1]
    if repeated or "" in found:
        raise StudyError(
            f"{path.name}: the names of columns must be there once each; found twice "
            f"or empty: {', '.join(repeated or ['(empty)'])}."
        )
    return found


def _text_rows(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    if path.suffix.lower() == ".gz":
        content = gzip.decompress(content)
    text = _decoded(content)
    separator = _separator(text)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(content: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 with its mark, or else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _separator(text: str) -> str:
    """The sign that splits the first lines into most columns, equally many in each."""
    lines = text.splitlines()[:_LOOKED_AT]

    def columns(sign: str) -> tuple[bool, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        return len(set(widths)) == 1 and widths[0] > 1, widths[0] if widths else 0

    return max(_DELIMITERS, key=columns)
