"""The table of a phantom or of travelling subjects, for estimating batch effects."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import tables
from ..batch_labels import safe_label
from ..errors import TableError, quoted
from ..features.feature_name import FeatureName
from ..files import whole_file
from .batch_column import BatchColumn

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


def write(table: pd.DataFrame, path: str | Path) -> None:
    """Write rows of a phantom, as `read` gives them, as Parquet."""
    with whole_file(path) as temporary:
        table.to_parquet(temporary, index=False)


def without(
    table: pd.DataFrame, evaluation: Iterable[str], cohort: pd.DataFrame
) -> pd.DataFrame:
    """The scans that belong to no evaluation subject of a fold; see `belonging`."""
    mine = belonging(table, evaluation, cohort)
    return table[~mine].reset_index(drop=True)


def belonging(
    table: pd.DataFrame, evaluation: Iterable[str], cohort: pd.DataFrame
) -> pd.Series:
    """True for the scans that belong to an evaluation subject of a fold.

    A scan belongs to a subject if it has its id, that of another subject of its
    cluster, or the name of the cluster.

    Parameters
    ----------
    table : DataFrame
        Rows of a phantom or of travelling subjects.
    evaluation : iterable of str
        Evaluation subjects of the fold.
    cohort : DataFrame
        With `subject_id` and `cluster` of all subjects of the study.
    """
    held_out = cohort["subject_id"].isin(set(evaluation))
    clusters = set(cohort.loc[held_out, "cluster"])
    subjects = set(cohort.loc[cohort["cluster"].isin(clusters), "subject_id"])
    return table[SUBJECT].isin(clusters | subjects)


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
    wrong = (numbers.isna() | np.isinf(numbers)) & text.notna()
    if wrong.any():
        raise TableError(
            f"{path}: column {values.name!r} must hold numbers, found "
            f"{quoted(text[wrong].iloc[0])}. Write decimals with a point, and "
            "nothing where a value is unknown."
        )
    return numbers
