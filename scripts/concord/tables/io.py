"""Tables: the only module that reads or writes the study's TSV and Parquet files.

A kind of table is declared once, in the module of its stage in `declared`, with the
type, unit, range and meaning of each column; readers and writers check it.
"""

import csv
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import TableError, quoted
from ..files import whole_file
from .formulas import defused_table, is_text, restored_table
from .kinds import FEATURE_KEYS, KINDS, Column
from .outside import FORMULA_ERRORS, read_outside, require_visible

Rows = pd.DataFrame | Iterable[Mapping[str, Any]]


def write(rows: Rows, path: str | Path, kind: str) -> None:
    """Write rows (dicts or a DataFrame) as a TSV of one kind; missing is NA.

    Columns are put in their declared order. Raises TableError, naming the
    column and the values seen, if the rows are not a table of this kind.
    """
    write_tsv(check(_frame(rows, kind), path, kind), path)


def read(path: str | Path, kind: str) -> pd.DataFrame:
    """Read and check a TSV of one kind."""
    return check(read_tsv(path), path, kind)


def write_tsv(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as TSV: missing is NA, and nothing is a formula (`formulas`)."""
    safe = defused_table(table)
    # The writer does not quote a carriage return by itself, which would end the line.
    quoting: Literal[0, 2] = (
        csv.QUOTE_NONNUMERIC if _has_return(safe) else csv.QUOTE_MINIMAL
    )
    with whole_file(path) as temporary:
        safe.to_csv(temporary, sep="\t", index=False, na_rep="NA", quoting=quoting)


def _has_return(table: pd.DataFrame) -> bool:
    texts = (values for _, values in table.items() if is_text(values))
    return any(isinstance(c, str) and "\r" in c for values in texts for c in values)


def read_tsv(path: str | Path) -> pd.DataFrame:
    """Read a TSV that `write_tsv` wrote, all columns as text."""
    table = pd.read_csv(
        path, sep="\t", dtype="string", na_values="NA", keep_default_na=False
    )
    return restored_table(table)


def read_all(paths: Iterable[str | Path], kind: str) -> pd.DataFrame:
    """Read tables of one kind and put them below each other."""
    tables = [read(path, kind) for path in paths]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else _frame([], kind)


def read_sheet(path: str | Path) -> pd.DataFrame:
    """Read a user's sheet, all columns as text, see `outside.read_outside`.

    Empty cells and the words NA, NaN and n/a count as missing. ``attrs["source"]``
    names the file. Formulas that failed are refused where a study is read, not here,
    as a table of features may have a word for them.
    """
    found = read_outside(path, FORMULA_ERRORS)
    table = pd.DataFrame(found.rows, columns=found.columns, dtype="string")
    table = table.mask(table.isin(["", "NA", "NaN", "n/a"]))
    table.attrs["source"] = str(path)
    return table


def read_feature_table(path: str | Path, missing: Collection[str] = ()) -> pd.DataFrame:
    """Read a table of another tool: CSV or TSV, also as `.gz`, Excel, or Parquet.

    Cells of a text file stay text and keep what looks missing; columns of a Parquet
    file keep their type. Lines of rows stand in ``attrs["lines"]``. Raises TableError
    for what `outside.read_outside` refuses; `missing` are words that it lets pass.
    """
    if str(path).lower().endswith(".parquet"):
        return _foreign_parquet(path)
    found = read_outside(path, missing)
    names = pd.Index(found.columns, dtype=object)
    table = pd.DataFrame(found.rows, columns=names, dtype=object)
    table.attrs["lines"] = found.lines
    return table


def _foreign_parquet(path: str | Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path).reset_index(drop=True)
    except (ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise TableError(
            f"{path}: cannot be read as Parquet ({quoted(error)}). Write it again, "
            "each column with its own name."
        ) from None
    require_visible(path, list(map(str, table.columns)))
    return table


def write_parquet(rows: Rows, path: str | Path, kind: str) -> None:
    """Write rows as a Parquet file of one kind, for tables of many rows."""
    with whole_file(path) as temporary:
        check(_frame(rows, kind), path, kind).to_parquet(temporary, index=False)


def read_parquet(path: str | Path, kind: str) -> pd.DataFrame:
    """Read and check a Parquet file of one kind."""
    return check(pd.read_parquet(path), path, kind)


def write_features(table: pd.DataFrame, path: str | Path) -> None:
    """Write a feature matrix (key columns, then float64 features) as Parquet."""
    with whole_file(path) as temporary:
        check_features(table, path).to_parquet(temporary, index=False)


def read_features(path: str | Path) -> pd.DataFrame:
    """Read and check a feature matrix."""
    return check_features(pd.read_parquet(path), path)


def read_all_features(path: str | Path, others: Iterable[str | Path]) -> pd.DataFrame:
    """A feature matrix and further ones of the same columns below it."""
    first = read_features(path)
    parts = [first, *(read_features(other) for other in others)]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled or parts[:1], ignore_index=True)


def feature_columns(table: pd.DataFrame) -> list[str]:
    """Names of the feature columns of a feature matrix, in order."""
    return [name for name in table.columns if name not in FEATURE_KEYS]


def check_features(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    """The matrix with keys first, or TableError naming the column."""
    missing = [key for key in FEATURE_KEYS if key not in table]
    if missing:
        raise TableError(
            f"{path}: a feature matrix needs the key columns {list(FEATURE_KEYS)}; "
            f"missing {missing}."
        )
    names = feature_columns(table)
    types = dict(zip(table.columns, table.dtypes, strict=True))
    wrong = [name for name in names if types[name] != np.float64]
    if wrong:
        raise TableError(
            f"{path}: feature columns hold float64; {wrong[0]!r} holds "
            f"{types[wrong[0]]} ({len(wrong)} such columns)."
        )
    duplicated = table.duplicated(list(FEATURE_KEYS))
    if duplicated.any():
        key = table.loc[duplicated, list(FEATURE_KEYS)].iloc[0].to_dict()
        raise TableError(f"{path}: two rows have the key {key}; keys are unique.")
    keys = table[list(FEATURE_KEYS)].astype(object)
    return pd.concat([keys, table[names]], axis=1)


def check(table: pd.DataFrame, path: str | Path, kind: str) -> pd.DataFrame:
    """The table with its columns in order and typed, or TableError."""
    columns = KINDS[kind]
    present = set(table.columns.astype(str))
    missing = {name for name, column in columns.items() if not column.optional}
    missing, extra = missing - present, present - set(columns)
    if missing or extra:
        raise TableError(
            f"{path}: not a table of kind {kind!r}: missing columns "
            f"{sorted(missing)}, unknown columns {sorted(extra)}."
        )
    return pd.DataFrame(
        {
            name: _typed(table[name], path, column)
            for name, column in columns.items()
            if name in present
        }
    )


def _frame(rows: Rows, kind: str) -> pd.DataFrame:
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    needed = [name for name, column in KINDS[kind].items() if not column.optional]
    return table if len(table) else pd.DataFrame(columns=needed)


def _typed(values: pd.Series, path: str | Path, column: Column) -> pd.Series:
    """One column in its declared type, its range checked."""
    try:
        typed = _converted(values, column.dtype)
    except (ValueError, TypeError) as error:
        raise TableError(
            f"{path}: column {values.name!r} must hold {column.dtype}: {quoted(error)}."
        ) from error
    if column.dtype in ("float64", "Int64"):
        present = typed.dropna()
        if len(present) and not present.between(column.lowest, column.highest).all():
            raise TableError(
                f"{path}: column {values.name!r} ({column.unit or 'no unit'}) must lie "
                f"in [{column.lowest}, {column.highest}], found {present.min()} to "
                f"{present.max()}."
            )
    if column.required and typed.isna().any():
        raise TableError(f"{path}: column {values.name!r} has empty cells.")
    return typed


def _converted(values: pd.Series, dtype: str) -> pd.Series:
    if dtype == "bool":
        return values.map(_as_bool).astype("boolean")
    if dtype == "string":
        return values.astype("string")
    # Python reads decimals exactly; the parser of pandas is off by the last bit.
    numbers = values.astype(object).where(values.notna(), np.nan).astype("float64")
    return numbers.astype("Int64") if dtype == "Int64" else numbers


def _as_bool(value: Any) -> Any:
    if pd.isna(value):
        return pd.NA
    text = str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(f"found {value!r}, expected True or False")
    return text == "true"
