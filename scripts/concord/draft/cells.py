"""Columns of a clinical table: what their cells hold, in a form that can be computed.

Nothing is changed unseen: every other form of a cell is a note of its column.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

#: What a column holds. two: two numbers other than 0 and 1, such as 1 and 2.
ColumnKind = Literal[
    "empty", "constant", "binary", "two", "number", "date", "category", "text"
]

#: Cells that say nothing, in small letters.
_SAID = (
    "|na|n/a|nan|n.a.|none|null|-|--|.|?|unknown|unk|missing|not available|not known|"
    "k.a.|unbekannt|#n/a|#name?|#value!|#ref!|#div/0!|#num!|#null!"
)
_NOTHING = frozenset(_SAID.split("|"))
#: Two words that stand for 1 and 0.
_PAIRS = (
    ("yes", "no"),
    ("y", "n"),
    ("ja", "nein"),
    ("j", "n"),
    ("oui", "non"),
    ("true", "false"),
    ("positive", "negative"),
    ("pos", "neg"),
    ("+", "-"),
    ("dead", "alive"),
    ("deceased", "alive"),
    ("deceased", "living"),
    ("died", "alive"),
    ("dead", "censored"),
    ("event", "censored"),
    ("present", "absent"),
    ("responder", "non-responder"),
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d+(,\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})"
)
#: Numbers that often stand for a missing value: below all others, or far above.
_CODES_BELOW = (-1.0, -9.0, -99.0, -999.0, -9999.0)
_CODES_ABOVE = (99.0, 999.0, 9999.0)
#: A code above is one if the next value is smaller by this factor.
_FAR = 4.0
_MOST_LEVELS = 8


@dataclass(frozen=True)
class Column:
    """A column of a clinical table.

    Attributes
    ----------
    name : str
        Its name in the table.
    cells : tuple of str
        Its cells, missing ones empty, numbers with a decimal point.
    kind : str
        What it holds; see `ColumnKind`.
    notes : tuple of str
        What was written in another form, one sentence each.
    """

    name: str
    cells: tuple[str, ...]
    kind: ColumnKind
    notes: tuple[str, ...] = ()

    @property
    def present(self) -> list[str]:
        """Cells that hold something."""
        return [cell for cell in self.cells if cell]

    @property
    def levels(self) -> list[str]:
        """Distinct cells, in the order in which they first occur."""
        return list(dict.fromkeys(self.present))

    @property
    def numbers(self) -> list[float]:
        """Cells as numbers; only of a column of numbers."""
        return [float(cell) for cell in self.present]


def column(name: str, raw: Iterable[str]) -> Column:
    """A column by its name and its cells as they stand in the file."""
    cells = [" ".join(cell.replace("\xa0", " ").split()) for cell in raw]
    notes: list[str] = []
    said = sorted({c for c in cells if c and _says_nothing(c, cells)})
    if said:
        notes.append(f"{', '.join(map(repr, said))} taken as missing")
    cells = ["" if cell in said else cell for cell in cells]
    if _has_decimal_commas(cells):
        cells = [cell.replace(",", ".") for cell in cells]
        notes.append("decimal commas written as points")
    if _are_numbers(cells):
        cells, codes = _without_codes(cells)
        if codes:
            notes.append(f"{', '.join(codes)} taken as missing, as codes for it")
    return Column(name, tuple(cells), _kind(cells), tuple(notes))


def event_cells(column: Column) -> tuple[list[str], str]:
    """Cells of two words or numbers as 1 and 0, and what became 1 if it was another.

    Only for a column of kind ``"binary"``.
    """
    found = {_lower(level) for level in column.levels}
    if found <= {"0", "1"}:
        return list(column.cells), ""
    yes, no = next(pair for pair in _PAIRS if found == set(pair))
    coded = {yes: "1", no: "0"}
    cells = [coded[_lower(cell)] if cell else "" for cell in column.cells]
    return cells, f"{yes!r} is 1 and {no!r} is 0"


def _lower(cell: str) -> str:
    return "1" if cell == "1.0" else "0" if cell == "0.0" else cell.lower()


def _says_nothing(cell: str, cells: Sequence[str]) -> bool:
    """True for a word of absence; a minus sign is an answer beside a plus sign."""
    lower = cell.lower()
    return lower in _NOTHING and not (lower == "-" and "+" in cells)


def _are_numbers(cells: Sequence[str]) -> bool:
    present = [cell for cell in cells if cell]
    return bool(present) and all(_NUMBER.fullmatch(cell) for cell in present)


def _has_decimal_commas(cells: Sequence[str]) -> bool:
    """True if all cells are numbers and a comma can only be a decimal one."""
    present = [cell for cell in cells if cell]
    commas = [cell for cell in present if "," in cell]
    return (
        bool(commas)
        and all(_COMMA.fullmatch(cell) for cell in present)
        and not all(_THOUSANDS.fullmatch(cell) for cell in commas)
    )


def _without_codes(cells: list[str]) -> tuple[list[str], list[str]]:
    """Cells without numbers that stand for a missing value, and these codes."""
    values = {cell: float(cell) for cell in cells if cell}
    codes = [text for text, value in values.items() if _is_code(value, values.values())]
    return ["" if cell in codes else cell for cell in cells], sorted(codes)


def _is_code(value: float, values: Iterable[float]) -> bool:
    others = [v for v in values if v not in (*_CODES_BELOW, *_CODES_ABOVE)]
    if not others:
        return False
    if value in _CODES_BELOW:
        return min(others) >= 0
    return value in _CODES_ABOVE and max(map(abs, others)) * _FAR < value


def _kind(cells: Sequence[str]) -> ColumnKind:
    present = [cell for cell in cells if cell]
    levels = set(present)
    if len(levels) < 2:
        return "constant" if levels else "empty"
    if {_lower(level) for level in levels} in [{"0", "1"}, *map(set, _PAIRS)]:
        return "binary"
    if _are_numbers(cells):
        return "two" if len({float(level) for level in levels}) == 2 else "number"
    if all(_DATE.fullmatch(cell) for cell in present):
        return "date"
    few = len(levels) <= _MOST_LEVELS and len(levels) <= len(present) / 2
    return "category" if few else "text"
