"""Codes of what ended the follow-up of a prediction's subject."""

import numpy as np
import pandas as pd

OF_INTEREST, OTHER = 1, 2


def outcome_codes(rows: pd.DataFrame) -> np.ndarray:
    """0 without an event, 1 with that of interest, 2 with another, shape (n,).

    Parameters
    ----------
    rows : DataFrame
        With `event` and, of an endpoint whose causes compete, `cause`, as in tables of
        kind "predictions".
    """
    event = (rows["event"] == 1).to_numpy(dtype=bool, na_value=False)
    if "cause" not in rows:
        return np.where(event, OF_INTEREST, 0)
    other = (rows["cause"] > 0).to_numpy(dtype=bool, na_value=False)
    return np.where(event, OF_INTEREST, np.where(other, OTHER, 0))
