"""Small summaries of result tables that figures and report share."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ..evaluation.null_band import Band, band
from ..features.ibsi import RECIPE_SIGN

#: Number of features that figure and report show.
TOP = 15


def null_band(null: pd.DataFrame) -> Band:
    """Central 95 % of the permuted estimates, see `evaluation.null_band`.

    Parameters
    ----------
    null : DataFrame
        Table kind "null" of one endpoint, arm and scheme.

    Returns
    -------
    Band
        Lower and upper bound; NaN if there are too few permutations.
    """
    return band(null["estimate"].dropna().to_numpy(dtype=float))


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
