"""Cells of outside tables without what cannot be seen."""

import re
import unicodedata
from collections.abc import Sequence

from ..file_names import told

#: UTF-8 that was read as Windows-1252, such as the two letters that u umlaut becomes.
_TWICE_DECODED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u20ac\u2013-\u2122]")

#: Characters that no cell means: controls but ends of lines and tabs, and those that
#: have what follows shown in another order. Others that cannot be seen are left out.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufff9-\ufffb]")


def clean(row: list[str]) -> list[str]:
    """Cells in composed Unicode, without outer blanks and invisible signs."""
    whole = "".join(row)
    if whole.isascii() and whole.isprintable() and " " not in whole:
        return list(row)  # as most rows of numbers are, of which there may be many
    return [cell.strip() if cell.isascii() else _visible(cell).strip() for cell in row]


def tidy_name(name: str) -> str:
    """Name of a column on one line, with single blanks."""
    return " ".join(_visible(name).split())


def is_damaged(text: str) -> bool:
    """True if a character was replaced or decoded twice by another program."""
    return "\ufffd" in text or bool(_TWICE_DECODED.search(text))


def _visible(text: str) -> str:
    seen = "".join(
        " " if unicodedata.category(sign) == "Zs" else sign
        for sign in text
        if unicodedata.category(sign) != "Cf"
    )
    return unicodedata.normalize("NFC", seen)


def control_faults(
    names: list[str], rows: Sequence[tuple[int, list[str]]]
) -> list[tuple[str, str]]:
    """Characters that control a terminal or turn text around, by line and column."""
    faults = []
    for line, row in [(1, names), *rows]:
        if "".join(row).isprintable():
            continue
        for place, cell in enumerate(row):
            if found := _CONTROLS.search(cell):
                column = names[place] if line > 1 and place < len(names) else ""
                where = f"column {column!a}" if column else f"column {place + 1}"
                message = f"holds {told(found[0])}, which cannot be seen; remove it"
                faults.append((f"line {line}, {where}", message))
    return faults
