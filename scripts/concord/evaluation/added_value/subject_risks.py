"""Risks of each subject by the headline and by the reference arm, for the figure."""

import numpy as np
import pandas as pd

from ...folds.scheme import EVALUATED
from ...tables import KINDS
from ..utility.risk_rows import HORIZON, by_horizon, paired

EVENT, NO_EVENT, CENSORED = "event", "no event", "censored before"


def subject_risks(
    rows: pd.DataFrame, endpoint: str, arm: str, reference: str
) -> pd.DataFrame:
    """Risks by both arms, of the first repeat and scheme, as kind "reclassification".

    Parameters
    ----------
    rows : DataFrame
        From `risk_rows`.
    endpoint, arm, reference : str
    """
    both = paired(_first(rows), arm, reference)
    found = [
        part.assign(status=_status(part, horizon)) for horizon, part in by_horizon(both)
    ]
    columns = list(KINDS["reclassification"])
    if not found:
        return pd.DataFrame(columns=columns)
    table = pd.concat(found).assign(endpoint=endpoint, reference_arm=reference)
    return table.sort_values([HORIZON, "subject_id"])[columns]


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    """First repeat of the first scheme that there is."""
    for kind in EVALUATED:
        own = rows[rows["scheme"] == kind.name]
        if len(own):
            first: pd.DataFrame = own[own["repeat"] == own["repeat"].min()]
            return first
    return rows.iloc[:0]


def _status(rows: pd.DataFrame, horizon: float) -> np.ndarray:
    """Outcome of each subject, at the horizon if there is one."""
    if np.isnan(horizon):
        return np.where(rows["event"] == 1, EVENT, NO_EVENT)
    happened = (rows["code"] > 0) & (rows["time_days"] <= horizon)
    known = happened | (rows["time_days"] >= horizon)
    event = happened & (rows["code"] == 1)
    return np.where(event, EVENT, np.where(known, NO_EVENT, CENSORED))
