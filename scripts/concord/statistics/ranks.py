"""Ranks of columns, ties by their mean."""

import numpy as np
import pandas as pd


def average_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks of each column from 1, ties by their mean, shape as `values`, (n, p).

    A column with a NaN has no ranks: all are NaN. Equal to `scipy.stats.rankdata`
    along the first axis, whose module takes a third of a second to import.
    """
    columns = pd.DataFrame(np.asarray(values, float))
    ranks = columns.rank(axis=0, method="average").to_numpy()
    ranks[:, columns.isna().any(axis=0).to_numpy()] = np.nan
    return np.asarray(ranks)
