"""Feature matrices: one row per image, region and reader, one column per feature."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ...tables import feature_columns
from ...tables.kinds import FEATURE_KEYS
from ..ibsi import parsed


def feature_matrix(
    rows: Iterable[dict[str, Any]], columns: Iterable[str]
) -> pd.DataFrame:
    """Rows as a matrix sorted by its keys, with all of the columns in order."""
    known, names, given = list(columns), list(FEATURE_KEYS), list(rows)
    # One block of numbers: conversion column by column takes ten times as long.
    values = np.array(
        [[row.get(column, np.nan) for column in known] for row in given], float
    )
    keys = pd.DataFrame(given, columns=names, dtype=object)
    block = pd.DataFrame(values.reshape(len(given), len(known)), columns=known)
    table = pd.concat([keys, block], axis=1)
    return table.sort_values(names, ignore_index=True)


def joined(matrix: pd.DataFrame, others: list[pd.DataFrame]) -> pd.DataFrame:
    """A matrix with the columns of others for its rows, in the order of the names."""
    keys = list(FEATURE_KEYS)
    found = concatenated(others) if others else pd.DataFrame()
    if not len(found.columns):
        return matrix
    whole = matrix.merge(found, on=keys, how="left", validate="one_to_one")
    columns = sorted(feature_columns(whole), key=lambda name: parsed(name).order)
    types = dict.fromkeys(keys, object)
    return whole[[*keys, *columns]].astype(types).sort_values(keys, ignore_index=True)


def concatenated(matrices: list[pd.DataFrame]) -> pd.DataFrame:
    """Matrices below each other, sorted by key; columns in the order of the names.

    A column that a matrix lacks, because its image has another recipe, is NaN.
    """
    found = {name for matrix in matrices for name in feature_columns(matrix)}
    columns = sorted(found, key=lambda name: parsed(name).order)
    keys = list(FEATURE_KEYS)
    filled = [matrix for matrix in matrices if len(matrix)]
    if not filled:
        return pd.DataFrame(columns=[*keys, *columns]).astype(
            dict.fromkeys(columns, "float64")
        )
    whole = pd.concat(filled, ignore_index=True).reindex(columns=[*keys, *columns])
    return whole.sort_values(keys, ignore_index=True)
