"""A table of features that another tool computed, as a feature matrix."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..subject_ids import numbered
from ..tables.kinds import FEATURE_KEYS
from . import checks as fault
from . import naming
from .cells import Numbers, numbers, text_of

STAGE = "import_features"


@dataclass(frozen=True)
class Given:
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
    settings: Mapping[str, Any],
    source: str,
) -> Given:
    """The feature matrix in a table of another tool, checked as a whole.

    A cell that is empty or infinite is undefined. A row without any feature, a row
    of a subject that is not in the study, and a subject without a row are
    exclusions.

    Parameters
    ----------
    table : DataFrame
        As read by `tables.read_given`: cells as text, or columns of numbers.
    site_of : mapping
        Site of each subject of the study.
    settings : mapping
        Section `feature_table` with `baseline_session`, `reference_reader` and
        `images`, those that have a batch.
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
    chosen = naming.chosen_columns(columns, settings["features"], settings["exclude"])
    fault.raise_all(fault.column_faults(columns, chosen, settings), source)
    names = naming.matrix_columns(chosen, settings["name_style"], settings["names"])
    keys = _keys(table, settings)
    read = {column: numbers(table[column], settings["missing"]) for column in chosen}
    found = [
        *fault.name_faults(names),
        *fault.key_faults(keys, settings),
        *fault.cell_faults(keys["subject_id"].tolist(), read),
    ]
    known = keys["subject_id"].isin(list(site_of)).to_numpy()
    values = np.column_stack([read[column].values for column in chosen])
    used = known & np.isfinite(values).any(axis=1)
    if not found and not used.any():
        found = [fault.nothing_left(keys, site_of, bool(known.any()))]
    fault.raise_all(found, source)
    rows = keys.assign(site=keys["subject_id"].map(dict(site_of)))[list(FEATURE_KEYS)]
    features = pd.DataFrame(values, columns=list(names.values()), index=rows.index)
    matrix = pd.concat([rows, features], axis=1)[used]
    return Given(
        matrix.sort_values(list(FEATURE_KEYS), ignore_index=True),
        _undefined(rows[used], names, read, source),
        [*_excluded_rows(keys, known, used), *_absent(keys, site_of)],
        keys,
        {name: column for column, name in names.items()},
    )


def site_of_subjects(
    subjects: pd.DataFrame, settings: Mapping[str, Any]
) -> dict[str, str]:
    """Site of each subject of the subjects sheet.

    `settings` holds `unnamed_subjects` and `sheet` with `subject_id_column`,
    `site_column` and `site`, the one site of all subjects, or None.
    """
    sheet = settings["sheet"]
    ids = subject_ids(subjects[sheet["subject_id_column"]], settings)
    if sheet["site"] is not None:
        return dict.fromkeys(ids, sheet["site"])
    return dict(zip(ids, text_of(subjects[sheet["site_column"]]), strict=True))


def subject_ids(column: pd.Series, settings: Mapping[str, Any]) -> list[str]:
    """Ids of the subjects of all rows; empty where a row has none."""
    return [
        name or "" for name in numbered(text_of(column), settings["unnamed_subjects"])
    ]


def _keys(table: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Subject, session, image, region and reader of each row, as text."""
    keys = {"subject_id": subject_ids(table[settings["subject_id_column"]], settings)}
    for key, (column, constant) in fault.KEYS.items():
        named = settings[column]
        keys[key] = (
            text_of(table[named]) if named else [settings[constant]] * len(table)
        )
    return pd.DataFrame(keys, dtype=object)


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


def _excluded_rows(
    keys: pd.DataFrame, known: np.ndarray, used: np.ndarray
) -> Iterator[dict[str, Any]]:
    """Rows of the table that are not used."""
    for row in np.flatnonzero(~used):
        code, reason = (
            ("NO_FEATURES", "no feature of this row has a value")
            if known[row]
            else ("NOT_IN_SHEET", "the subjects sheet does not list this subject")
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
