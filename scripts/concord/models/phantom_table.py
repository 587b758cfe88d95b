"""The table of a phantom or of travelling subjects, for estimating batch effects."""

from pathlib import Path
from typing import Any

import pandas as pd

from .. import tables
from ..batch_labels import safe_label
from ..errors import TableError
from ..features.feature_name import FeatureName
from ..folds.batch_column import BatchColumn

SUBJECT = "subject_id"


def read(path: str | Path) -> pd.DataFrame:
    """One row per scan: subject, batch variables as labels, features as numbers.

    Features are the columns with full names, ``<image>.<region>.<filter>.
    <family>.<feature>``; all others are labels.
    """
    given = tables.read_feature_table(path)
    if SUBJECT not in given.columns:
        raise TableError(
            f"{path}: a phantom table needs the column {SUBJECT!r}; it has "
            f"{list(given.columns[:5])}."
        )
    numbers = {name for name in given.columns if FeatureName.names(str(name))}
    if not numbers:
        raise TableError(
            f"{path}: no column has the full name of a feature, such as "
            "CT.tumour.original.glcm.contrast."
        )
    return pd.DataFrame(
        {
            name: _number(given[name], path)
            if name in numbers
            else given[name].map(safe_label)
            for name in given.columns
        }
    )


def read_if_given(paths: Any) -> pd.DataFrame | None:
    """The table at a path, or at the only one of several; None without a path."""
    given = [paths] if isinstance(paths, str) else list(paths or [])
    return read(given[0]) if given else None


def batch_rows(table: pd.DataFrame, batch: list[str]) -> pd.DataFrame:
    """The table with the batch columns of a cohort, ``batch.<image>.<variable>``."""
    variables = {name: BatchColumn.variable_of(name) for name in batch}
    missing = sorted(set(variables.values()) - set(table.columns))
    if missing:
        raise TableError(
            f"the phantom table lacks the batch variables {missing}; it has "
            f"{[name for name in table.columns if '.' not in str(name)]}."
        )
    return table.assign(**{name: table[own] for name, own in variables.items()})


def _number(values: pd.Series, path: str | Path) -> pd.Series:
    text = values.replace({"": None, "NA": None, "NaN": None})
    numbers = pd.to_numeric(text, errors="coerce").astype(float)
    wrong = numbers.isna() & text.notna()
    if wrong.any():
        raise TableError(
            f"{path}: column {values.name!r} must hold numbers, found "
            f"{text[wrong].iloc[0]!r}."
        )
    return numbers
