"""A table of features that another tool computed, as a feature matrix."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..batch_labels import Spellings
from ..subject_ids import numbered
from ..tables.kinds import FEATURE_KEYS
from . import checks as fault
from . import naming
from .cells import Numbers, numbers, text_of
from .settings import ImportFeatures

STAGE = "import_features"
LEFT_OUT = "LEFT_OUT"


@dataclass(frozen=True)
class ImportedFeatures:
    """A table of features and what was left out of it.

    `matrix` is a feature matrix; `undefined` and `exclusions` are tables of these
    kinds. `keys` holds subject, session, image, region and reader of every row of
    the file, and `columns` the column of the file behind each one of the matrix.
    """

    matrix: pd.DataFrame
    undefined: list[dict[Any, Any]]
    exclusions: list[dict[str, Any]]
    keys: pd.DataFrame
    columns: dict[str, str]


def import_features(
    table: pd.DataFrame,
    site_of: Mapping[str, str],
    settings: ImportFeatures,
    source: str,
) -> ImportedFeatures:
    """The feature matrix in a table of another tool, checked as a whole.

    A cell that is empty or infinite is undefined. A row without any feature, a row
    of a subject that is not in the study, and a subject without a row are
    exclusions.

    Parameters
    ----------
    table : DataFrame
        As read by `tables.read_feature_table`: cells as text, or columns of numbers.
    site_of : mapping
        Site of each subject of the study.
    settings : ImportFeatures
        Settings of the rule.
    source : str
        Name of the file, for messages and reasons.

    Raises
    ------
    ConfigError
        Listing every fault of the table at once: columns that are missing or stand
        there twice, keys that are empty, unknown or stand there twice, cells that
        are no numbers, no row of the study.
    """
    columns = list(table.columns)
    declared = settings.table
    chosen = naming.chosen_columns(columns, declared.features, declared.exclude)
    fault.raise_table_faults(fault.column_faults(columns, chosen, settings), source)
    names = naming.matrix_columns(chosen, declared.name_style, declared.names)
    keys = _keys(table, settings)
    read = {column: numbers(table[column], declared.missing) for column in chosen}
    subjects = keys["subject_id"]
    found = [*fault.name_faults(names), *fault.key_faults(keys, settings)]
    found += fault.cell_faults(subjects.tolist(), read)
    known = subjects.isin(list(site_of)).to_numpy()
    found += fault.subject_faults(set(subjects), site_of)
    values = np.column_stack([read[column].values for column in chosen])
    used = known & np.isfinite(values).any(axis=1)
    if not found and not used.any():
        found = [fault.nothing_left(keys, site_of, bool(known.any()))]
    fault.raise_table_faults(found, source)
    rows = keys.assign(site=subjects.map(dict(site_of)))[list(FEATURE_KEYS)]
    return ImportedFeatures(
        _matrix(rows[used], values[used], list(names.values())),
        _undefined(rows[used], names, read, source),
        _exclusions(keys, (known, used), site_of, settings.sheet.leave_out),
        keys,
        {name: column for column, name in names.items()},
    )


def _matrix(rows: pd.DataFrame, values: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Feature matrix of rows of keys and their values, sorted."""
    features = pd.DataFrame(values, columns=names, index=rows.index)
    matrix = pd.concat([rows, features], axis=1)
    return matrix.sort_values(list(FEATURE_KEYS), ignore_index=True)


def site_of_subjects(
    subjects: pd.DataFrame, settings: ImportFeatures
) -> dict[str, str]:
    """Site of each subject of the subjects sheet."""
    sheet = settings.sheet
    ids = subject_ids(subjects, sheet.subject_id_column, settings)
    sites = (
        text_of(subjects[str(sheet.site_column)])
        if sheet.site is None
        else [sheet.site] * len(ids)
    )
    spelt = Spellings.of(sites, safe=False)
    return {
        subject: spelt.label(site) if site and sheet.site is None else site
        for subject, site in zip(ids, sites, strict=True)
        if subject not in sheet.leave_out
    }


def subject_ids(
    table: pd.DataFrame, column: str, settings: ImportFeatures
) -> list[str]:
    """Ids of the subjects of all rows; empty where a row has none.

    Where rows are numbered, the column may be missing, and all are.
    """
    policy = settings.table.unnamed_subjects
    nowhere = policy == "number" and column not in table
    ids = [""] * len(table) if nowhere else text_of(table[column])
    return [name or "" for name in numbered(ids, policy)]


def _keys(table: pd.DataFrame, settings: ImportFeatures) -> pd.DataFrame:
    """Subject, session, image, region and reader of each row, as text."""
    ids = subject_ids(table, settings.table.subject_id_column, settings)
    keys: dict[str, list[Any]] = {"subject_id": ids}
    for key, (column, value) in settings.key_columns().items():
        keys[key] = text_of(table[column]) if column else [value] * len(table)
    found = pd.DataFrame(keys, dtype=object)
    found.attrs["lines"] = table.attrs.get("lines", range(2, len(table) + 2))
    return found


def _undefined(
    rows: pd.DataFrame,
    names: Mapping[str, str],
    read: Mapping[str, Numbers],
    source: str,
) -> list[dict[Any, Any]]:
    """Cells without a value in the rows that are used, by row and column."""
    records = rows.to_dict("index")
    found = [
        {**records[row], "column": names[column], "reason": _reason(text, source)}
        for column, numbers_read in read.items()
        for row, text in numbers_read.undefined.items()
        if row in records
    ]
    return sorted(found, key=lambda entry: list(entry.values()))


def _reason(text: str, source: str) -> str:
    return f"{text!r} in {source}" if text else f"empty in {source}"


def _exclusions(
    keys: pd.DataFrame,
    known_and_used: tuple[np.ndarray, np.ndarray],
    site_of: Mapping[str, str],
    leave_out: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Rows that are not used, and subjects without a row."""
    rows = _excluded_rows(keys, *known_and_used, leave_out)
    return [*rows, *_absent(keys, site_of)]


def _excluded_rows(
    keys: pd.DataFrame,
    known: np.ndarray,
    used: np.ndarray,
    leave_out: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    """Rows of the table that are not used, and why."""
    for row in np.flatnonzero(~used):
        subject = keys["subject_id"].iloc[row]
        if subject in leave_out:
            code, reason = LEFT_OUT, leave_out[subject]
        elif known[row]:
            code, reason = "NO_FEATURES", "no feature of this row has a value"
        else:
            code, reason = (
                "NOT_IN_SHEET",
                "the subjects sheet does not list this subject",
            )
        yield {"stage": STAGE, **keys.iloc[row], "code": code, "reason": reason}


def _absent(keys: pd.DataFrame, site_of: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Subjects of the study that have no row in the table."""
    nothing = dict.fromkeys(("session", "image", "region", "reader"))
    for subject in sorted(set(site_of).difference(keys["subject_id"])):
        yield {
            "stage": STAGE,
            "subject_id": subject,
            **nothing,
            "code": "NOT_IN_TABLE",
            "reason": "the feature table has no row of this subject",
        }
