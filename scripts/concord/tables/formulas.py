"""Cells that a spreadsheet would take for a formula, and their harmless form.

A name out of a header or a sheet may begin with ``=``. In text tables such a cell gets
an apostrophe before it, as spreadsheets mark text; readers take it away again. The two
are inverse: a cell that begins with an apostrophe and such a sign gets another one.
Numbers, with a unit too, stay as they are.
"""

import re

import pandas as pd

#: Starts of formulas, in Latin and in full width, behind blanks or apostrophes.
_FORMULA = re.compile(
    "'*\\s*[=+\\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]|'*[\t\r\n]"
)
#: Numbers, with a short unit too, and signs alone: no program computes them.
_HARMLESS = re.compile(
    r"[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|inf|nan)?( [a-z%]{1,4})?", re.IGNORECASE
)


def defused(text: str) -> str:
    """A cell that no spreadsheet computes."""
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """The cell that `defused` was given."""
    if text.startswith("'") and defused(text[1:]) == text:
        return text[1:]
    return text


def defused_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts and names of columns are defused; numbers are as given."""
    texts = {
        str(name): values.map(_defused_cell, na_action="ignore")
        for name, values in table.items()
        if is_text(values) and _may_change(values)
    }
    return table.assign(**texts).rename(columns=_defused_cell)


def restored_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table of texts as it was before it was defused."""
    texts = {
        str(name): values.map(restored, na_action="ignore")
        for name, values in table.items()
        if is_text(values) and values.str.startswith("'").any()
    }
    return table.assign(**texts).rename(columns=restored)


def _defused_cell(cell: object) -> object:
    return defused(cell) if isinstance(cell, str) else cell


def is_text(values: pd.Series) -> bool:
    """True of a column that may hold texts."""
    return values.dtype == object or isinstance(values.dtype, pd.StringDtype)


def _may_change(values: pd.Series) -> bool:
    return any(isinstance(cell, str) and _FORMULA.match(cell) for cell in values)
