"""Small summaries of result tables that figures and report share."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ..features.ibsi import RECIPE_SIGN

#: Number of features that figure and report show.
TOP = 15


def null_band(null: pd.DataFrame) -> tuple[float, float]:
    """The 2.5th and the 97.5th percentile of the permuted estimates.

    Parameters
    ----------
    null : DataFrame
        Table kind "null" of one endpoint and arm.

    Returns
    -------
    tuple of float
        Lower and upper bound; NaN if no permutation has an estimate.
    """
    values = null["estimate"].dropna().to_numpy(dtype=float)
    if not len(values):
        return float("nan"), float("nan")
    lower, upper = np.percentile(values, [2.5, 97.5])
    return float(lower), float(upper)


def most_selected(selection: pd.DataFrame, arm: str, count: int) -> pd.DataFrame:
    """The features that an arm selected most often; ties in order of their names."""
    chosen = selection[(selection["arm"] == arm) & (selection["n_selected"] > 0)]
    ordered = chosen.sort_values(["frequency", "term"], ascending=[False, True])
    return ordered.head(count).reset_index(drop=True)


def groups(
    table: pd.DataFrame, columns: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """Parts of a table that share some columns, with their values as text, sorted.

    Rows in which one of the columns is missing are in no part.
    """
    for names, part in table.groupby(list(columns)):
        values = names if isinstance(names, tuple) else (names,)
        yield tuple(str(value) for value in values), part


def main_recipes(table: pd.DataFrame) -> pd.DataFrame:
    """Rows whose `column` is of a main recipe: no negative control, nothing twice."""
    return table[~table["column"].str.contains(RECIPE_SIGN, regex=False)]
