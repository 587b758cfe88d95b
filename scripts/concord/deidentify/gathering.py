"""Lists of what the copies of all chunks hold, put together."""

from collections.abc import Mapping

import pandas as pd


def gathered(values: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values of all chunks, and the elements without their values.

    Parameters
    ----------
    values : DataFrame
        Rows of table kind "deidentified_values" of all chunks.

    Returns
    -------
    tuple of DataFrame
        Of kinds "deidentified_values" and "deidentified_elements". Distinct values
        that are not listed are the most of any chunk.
    """
    keys = ["element", "vr", "kept_as", "value"]
    columns: Mapping[str, str] = {
        "lowest": "min",
        "highest": "max",
        "n_values": "max",
        "n_files": "sum",
    }
    values = values.assign(vr=values["vr"].fillna(""))
    grouped = values.groupby(keys, dropna=False).agg(columns).reset_index()
    # The row of the whole element goes before those of its values.
    grouped = grouped.sort_values(keys, na_position="first", ignore_index=True)
    whole = grouped["value"].isna()
    listed = (~whole).groupby([grouped[key] for key in keys[:3]]).transform("sum")
    grouped["n_values"] = grouped["n_values"].mask(whole & (listed > 0), listed)
    grouped["vr"] = grouped["vr"].replace("", pd.NA)
    elements = grouped[whole].drop(columns=["value", "lowest", "highest"])
    return grouped, elements.reset_index(drop=True)
