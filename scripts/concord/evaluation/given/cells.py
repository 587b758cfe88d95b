"""Cells of a table of given predictions as typed rows, with what is wrong in them."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from ...errors import quoted
from ...feature_import.cells import numbers, text_of
from ...folds.scheme import EVALUATED, FIXED
from .columns import Layout
from .settings import ImportPredictions

_MAX_SHOWN = 3
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.I).fullmatch
#: Fold of the rows of one external set, and the other name of its scheme.
EXTERNAL_FOLD = EXTERNAL = "external"
#: Reason of a row without a score whose table says none.
NO_REASON = "no score was given"
RISK_GROUPS = ("low", "middle", "high")
_KEYS = ("subject_id", "model", "endpoint", "scheme", "fold", "reason", "risk_group")


@dataclass
class GivenRows:
    """Rows of a table with typed cells, and what is wrong with it.

    `rows` has the keys of `GivenColumns` as columns, a column `risk_<days>` for each
    horizon and those of thresholds; `line` is that of the file. What the table does not
    tell of scheme is empty.
    """

    rows: pd.DataFrame
    layout: Layout
    faults: list[str] = field(default_factory=list)

    def tell(self, wrong: Iterable[bool], what: str, column: str = "") -> None:
        """Add a fault with the number of rows it concerns and the first of them."""
        found = self.rows[np.asarray(wrong, dtype=bool)]
        if len(found):
            self.faults.append(what.format(rows=shown(found, column)))


def shown(rows: pd.DataFrame, column: str = "") -> str:
    """Number of some rows and the first of them, with what stands in a column."""
    cells = [
        f"{quoted(row[column], column)} in line {row['line']}"
        if column
        else f"line {row['line']}"
        for row in rows.head(_MAX_SHOWN).to_dict("records")
    ]
    many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return f"{many} ({', '.join(cells)}{', ...' if len(rows) > _MAX_SHOWN else ''})"


def read_rows(table: pd.DataFrame, settings: ImportPredictions) -> GivenRows:
    """Typed rows of a table whose columns are as they must be.

    Parameters
    ----------
    table : DataFrame
        As read by `tables.read_feature_table`: cells as text, or columns of numbers.
    settings : ImportPredictions
        Settings of the rule.
    """
    layout = Layout.of(map(str, table.columns), settings.table)
    texts = {key: _texts(table, layout.columns.get(key)) for key in _KEYS}
    rows = pd.DataFrame(texts, dtype=object)
    rows["line"] = table.attrs.get("lines", range(2, len(table) + 2))
    found = GivenRows(rows, layout)
    read = _Numbers(found, table, settings.table.missing)
    for key in ("score", "probability", "repeat"):
        read.into(key, layout.columns.get(key))
    for day, column in layout.risks.items():
        read.into(f"risk_{day:g}", column)
    for column in layout.thresholds:
        read.into(column, column)
    _complete(found, settings)
    return found


@dataclass(frozen=True)
class _Numbers:
    """Reader of columns of numbers."""

    found: GivenRows
    table: pd.DataFrame
    missing: Sequence[str]

    def into(self, key: str, column: str | None) -> None:
        """Put the numbers of a column under a key; NaN without the column."""
        rows = self.found.rows
        if column is None:
            rows[key] = np.nan
            return
        read = numbers(self.table[column], self.missing)
        rows[key] = read.values
        endless = {row for row, cell in read.undefined.items() if _INFINITE(cell)}
        for wrong, what in ((set(read.wrong), "no number"), (endless, "infinite")):
            cells = text_of(self.table[column])
            told = rows.assign(**{key: cells})[rows.index.isin(wrong)]
            if len(told):
                self.found.faults.append(
                    f"column {column!r}: {what} in {shown(told, key)}; write a number, "
                    "or leave the cell empty and say why in the column of the reason"
                )


def _texts(table: pd.DataFrame, column: str | None) -> list[str]:
    return [""] * len(table) if column is None else text_of(table[column])


def _complete(found: GivenRows, settings: ImportPredictions) -> None:
    """Fill in what a table without a column means, and check single cells."""
    rows, columns = found.rows, found.layout.columns
    if "model" not in columns:
        rows["model"] = settings.headline_arm
    if "endpoint" not in columns:
        rows["endpoint"] = next(iter(settings.endpoints))
    if "fold" not in columns:
        rows["fold"] = EXTERNAL_FOLD
    if "repeat" not in columns:
        rows["repeat"] = 1.0
    rows["scheme"] = rows["scheme"].replace(EXTERNAL, FIXED.name)
    if "score" not in columns:
        rows["score"] = rows["probability"]
    _check_texts(found, settings)
    _check_numbers(found)
    if not found.faults:  # a cell that is no number would be told twice
        _check_scored(found, settings)
    lacks = rows["score"].isna() & (rows["reason"] == "")
    rows.loc[lacks, "reason"] = NO_REASON


def _check_texts(found: GivenRows, settings: ImportPredictions) -> None:
    """Keys that are empty, or that the study does not know."""
    rows = found.rows
    known: dict[str, Collection[str]] = {
        "model": settings.models,
        "endpoint": [*settings.endpoints],
        "scheme": [*(kind.name for kind in EVALUATED), EXTERNAL],
        "risk_group": RISK_GROUPS,
    }
    for key in ("subject_id", "model", "endpoint", "fold", "scheme"):
        if key in found.layout.columns:
            column = found.layout.columns[key]
            found.tell(
                rows[key] == "", f"column {column!r}: empty in {{rows}}; fill it"
            )
    for key, names in known.items():
        if key in found.layout.columns:
            column, wanted = found.layout.columns[key], ", ".join(names)
            wrong = (rows[key] != "") & ~rows[key].isin([*names])
            told = f"column {column!r}: {{rows}}; expected one of {wanted}"
            found.tell(wrong, told, key)


def _check_numbers(found: GivenRows) -> None:
    """Repeats that count nothing, and shares outside 0 to 1."""
    rows, risks = found.rows, [f"risk_{day:g}" for day in found.layout.risks]
    repeat = rows["repeat"]
    whole = (repeat >= 1) & (repeat == np.floor(repeat))
    column = found.layout.columns.get("repeat", "")
    told = f"column {column!r}: {{rows}}; expected whole numbers from 1"
    found.tell(~whole, told, "repeat")
    for key in ("probability", *risks):
        outside = (rows[key] < 0) | (rows[key] > 1)
        name = found.layout.columns.get(key, key)
        found.tell(outside, f"column {name!r}: {{rows}}; expected 0 to 1", key)
    for sooner, later in pairwise(risks):
        what = f"{{rows}} have a smaller {later} than {sooner}; a risk never falls"
        found.tell(rows[later] < rows[sooner], what)


def _check_scored(found: GivenRows, settings: ImportPredictions) -> None:
    """Probabilities and risks that a score, or the kind of the outcome, contradicts."""
    rows, timed = found.rows, [n for n, e in settings.endpoints.items() if e.has_times]
    unscored, likely = rows["score"].isna(), rows["probability"].notna()
    what = "a probability without a score in {rows}; write both or neither"
    found.tell(unscored & likely, what)
    if "score" in found.layout.columns:
        what = (
            "a probability of an outcome with times in {rows}; its risks belong into "
            "columns risk_<days>"
        )
        found.tell(rows["endpoint"].isin(timed) & likely, what)
    gives = likely.groupby([rows["endpoint"], rows["model"]]).transform("any")
    what = (
        "a score without a probability in {rows}, but other rows of the model have "
        "one; write both"
    )
    found.tell(gives & ~unscored & ~likely, what)
    for is_wanted, name in _shares(found, settings):
        lone = is_wanted & (unscored != rows[name].isna()).to_numpy()
        what = f"a score without {name}, or the reverse, in {{rows}}; write both"
        found.tell(lone, what)


def _shares(
    found: GivenRows, settings: ImportPredictions
) -> Iterator[tuple[np.ndarray, str]]:
    """Rows of endpoints that are judged at some days, and the column of their risk."""
    for day in found.layout.risks:
        judged = [n for n, one in settings.endpoints.items() if day in one.horizons]
        rows = found.rows["endpoint"].isin(judged).to_numpy()
        yield rows, f"risk_{day:g}"
