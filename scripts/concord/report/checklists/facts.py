"""Facts of a study that pointers of checklists lead to: tables, documents, settings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import pandas as pd

from ... import tables
from ...files import read_json
from ..small_cells.words import told
from .items import matches

#: Distinct values that are shown, and letters of them.
SHOWN = 6
LONGEST = 160
_FLAGS = ("bool", "boolean")
#: Where a pointer of the configuration leads.
CONFIGURATION = "configuration"
#: Suffix of a pointer whose column must hold several values.
SEVERAL = ">1"


@dataclass(frozen=True)
class Fact:
    """Target of a pointer; without a file, `text` is the reason."""

    file: str
    place: str
    text: str

    @property
    def holds(self) -> bool:
        """True if something proves it."""
        return bool(self.file)


def paths_of(given: Any) -> dict[str, list[str]]:
    """Files by name, of inputs that are named: one, or several, each."""
    return {
        name: [paths] if isinstance(paths, str) else [str(path) for path in paths]
        for name, paths in given.items()
    }


class Facts:
    """Facts of one study.

    Parameters
    ----------
    paths : mapping
        Files by kind of table, or by name of a document: those that the study makes,
        so a file that an earlier configuration left behind proves nothing.
    values : mapping
        Values of the configuration by dotted key.
    smallest_cell : int
        Smallest count of people that is shown.
    """

    def __init__(
        self,
        paths: Mapping[str, Sequence[str]],
        values: Mapping[str, Any],
        smallest_cell: int = 0,
    ) -> None:
        self._paths, self._values = paths, values
        self._smallest = smallest_cell
        self._tables: dict[str, pd.DataFrame] = {}

    def of(self, pointer: str) -> Fact:
        """Fact that a pointer of an item leads to, or the reason why there is none."""
        kind, _, rest = pointer.partition(":")
        name, _, place = rest.partition("/")
        if kind == "config":
            return self._setting(rest)
        files = [path for path in self._paths.get(name, []) if Path(path).is_file()]
        if not files:
            return Fact("", place, f"the study makes no {name.replace('_', ' ')}")
        if kind == "table":
            return self._table(name, place, files)
        if kind == "json":
            return self._document(place, files[0])
        return Fact(_joined(files), "", f"{len(files)} files")

    def settings(self, pattern: str) -> list[tuple[str, Any]]:
        """Keys that a pattern matches, and their values, where something is set.

        A pattern may name a section as well, whose keys are then meant.
        """
        return [
            (key, value)
            for key, value in self._values.items()
            if matches(key, pattern) and _is_set(value)
        ]

    def _setting(self, pattern: str) -> Fact:
        found = self.settings(pattern)
        if not found:
            return Fact("", pattern, f"{pattern} is not set")
        values = [value for _, value in found]
        return Fact(CONFIGURATION, pattern, _of(pattern, shown(values)))

    def _table(self, kind: str, place: str, files: list[str]) -> Fact:
        rows, column = self._read(kind, files), place.removesuffix(SEVERAL)
        if rows.empty:
            return Fact("", column, f"the table {kind} has no row")
        if not column:
            return Fact(_joined(files), "", self._said(rows, kind))
        values = rows[column].dropna() if column in rows else rows.iloc[:0, 0]
        values = values[values.astype(str) != ""]
        if values.empty:
            return Fact("", column, f"{column} of the table {kind} is empty")
        if place.endswith(SEVERAL) and values.nunique() < 2:
            return Fact("", column, f"{column} of the table {kind} has one value")
        said = self._said_of(rows, values, kind)
        return Fact(_joined(files), column, _of(column, said))

    def _read(self, kind: str, files: list[str]) -> pd.DataFrame:
        if kind not in self._tables:
            read = kind in tables.KINDS
            self._tables[kind] = (
                tables.read_all(files, kind) if read else tables.read_sheet(files[0])
            )
        return self._tables[kind]

    def _said(self, rows: pd.DataFrame, kind: str) -> str:
        if "subject_id" not in rows:
            return f"{len(rows)} rows"
        return told(f"{rows['subject_id'].nunique()} subjects", self._smallest)

    def _said_of(self, rows: pd.DataFrame, values: pd.Series, kind: str) -> str:
        """Distinct values; of people, never the numbers of single ones."""
        of_people = "subject_id" in rows
        if of_people and pd.to_numeric(values, errors="coerce").notna().any():
            return f"given; {self._said(rows.loc[values.index], kind)}"
        if not pd.api.types.is_numeric_dtype(values) or values.dtype in _FLAGS:
            return shown(sorted(set(values.astype(str))))
        if self._smallest > 1:
            return "given"
        return f"{values.min():.4g} to {values.max():.4g}"

    def _document(self, key: str, file: str) -> Fact:
        found = [
            value
            for name, value in _flat("", read_json(file))
            if matches(name, key) and _is_set(value)
        ]
        if not found:
            return Fact("", key, f"{key} is not in {file}")
        return Fact(file, key, _of(key, shown(found)))


def shown(values: Sequence[Any]) -> str:
    """Distinct values in their order, cut where they are many."""
    texts = list(dict.fromkeys(_said(value) for value in values))
    text = ", ".join(texts[:SHOWN])
    more = len(texts) - SHOWN
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"{text} and {more} more" if more > 0 else text


def _of(place: str, text: str) -> str:
    """Meaning of a column, or of the last part of a key."""
    return f"{place.rpartition('.')[2].replace('_', ' ')}: {text}"


def _is_set(value: Any) -> bool:
    """False of what a configuration leaves open or off; zero is a value."""
    if isinstance(value, (bool, str, list, tuple, dict, NoneType)):
        return bool(value)
    return True


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(_said(one) for one in value)
    if isinstance(value, Mapping):
        return " ".join(f"{name} {_said(one)}" for name, one in value.items())
    return "none" if value is None else str(value)


def _joined(files: Sequence[str]) -> str:
    """Files of a fact; of many, the first and how many more."""
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return " ".join(sorted(files)[:3]) + more


def _flat(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, below in value.items():
            yield from _flat(f"{key}.{name}" if key else str(name), below)
    else:
        yield key, value
