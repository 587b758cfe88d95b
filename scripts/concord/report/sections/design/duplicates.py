"""Features and covariates that say the same as another one."""

from collections.abc import Iterator

import pandas as pd

from ....folds.subject_table import COVARIATE
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results


def duplicate_table(results: Results) -> Table | None:
    """Columns that repeat another, each once; None if there is none."""
    rows = results["duplicate_columns"]
    if rows.empty:
        return None
    cells = [
        [row["name"], row["copy_of"], str(row["n"]), _relation(row)]
        for _, row in rows.iterrows()
    ]
    return table(
        "Features and covariates that repeat another one",
        ["Name", "Repeats", "Subjects", "Relation"],
        cells,
        "Found before any fit, in all subjects and without an outcome. Of such "
        "features the correlation filter keeps one; they count as candidates all the "
        "same. Of covariates without a penalty no coefficients would follow.",
        folded=not len(_covariates(rows)),
    )


def duplicate_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """A warning of covariates that repeat another one."""
    rows = _covariates(results["duplicate_columns"])
    if len(rows):
        pairs = n.listed(
            f"{_name(row['name'])} repeats {_name(row['copy_of'])}"
            for _, row in rows.iterrows()
        )
        yield (
            "A covariate given twice",
            f"Of the covariates, {pairs}. In an arm that has both, no likelihood tells "
            "their coefficients apart, and all its covariates get a small penalty. "
            "Leave one out.",
        )


def _covariates(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of two covariates."""
    both = [rows[column].str.startswith(COVARIATE) for column in ("name", "copy_of")]
    return rows[(both[0] & both[1]).fillna(False).astype(bool)]


def _relation(row: pd.Series) -> str:
    if row["equal"]:
        return "the same values"
    return f"{n.decimal(row['factor'], 3)} times, shifted"


def _name(column: str) -> str:
    return column.removeprefix(COVARIATE)
