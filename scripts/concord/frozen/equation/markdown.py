"""Markdown of names that come from outside: escaped, and in tables and code."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$])")


def cell(text: str) -> str:
    """Text on one line without any mark of Markdown or HTML."""
    plain = html.escape(" ".join(str(text).split()), quote=False)
    return _SPECIAL.sub(r"\\\1", plain)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a table of texts, all escaped."""
    yield "| " + " | ".join(map(cell, columns)) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(map(cell, row)) + " |"
    yield ""


def code(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a block of formulas; these hold symbols and numbers only."""
    yield from ("```text", *lines, "```", "")
