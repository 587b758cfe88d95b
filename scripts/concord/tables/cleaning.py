"""Cells of outside tables without what cannot be seen."""

import re
import unicodedata

#: UTF-8 that was read as Windows-1252, such as the two letters that u umlaut becomes.
_TWICE_DECODED = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u20ac\u2013-\u2122]")


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
