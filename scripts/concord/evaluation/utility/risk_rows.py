"""Predicted risks beside the outcomes that they are judged by."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..outcome_codes import outcome_codes

KEYS = ["arm", "scheme", "repeat", "fold", "subject_id"]
HORIZON = "horizon_days"
_COLUMNS = [*KEYS, "cluster", "event", "time_days", "code", "weight", "score"]


def risk_rows(predictions: pd.DataFrame, risks: pd.DataFrame) -> pd.DataFrame:
    """Rows with a predicted risk and a known outcome, one per subject and horizon.

    Parameters
    ----------
    predictions : DataFrame
        Table kind "predictions" of one endpoint; the risk of a binary outcome is its
        probability, and `horizon_days` is NaN.
    risks : DataFrame
        Table kind "risks", empty of a binary outcome or without a horizon.

    Returns
    -------
    DataFrame
        `arm`, `scheme`, `repeat`, `fold`, `subject_id`, `cluster`, `event`,
        `time_days`, `code` (0 censored or without event, 1 the event, 2 another
        cause), `weight`, `score`, `horizon_days`, `risk`. Empty if the endpoint has
        times but no horizon.
    """
    rows = predictions.assign(code=outcome_codes(predictions))
    if "weight" not in rows:
        rows["weight"] = 1.0
    if predictions["time_days"].notna().any():
        found = rows[_COLUMNS].merge(risks[[*KEYS, HORIZON, "risk"]], on=KEYS)
    else:
        found = rows[_COLUMNS].assign(risk=rows["probability"].astype(float))
        found[HORIZON] = np.nan
    known = found["risk"].notna() & found["event"].notna() & found["weight"].notna()
    return found[known].reset_index(drop=True)


def parts_of(rows: pd.DataFrame) -> Iterator[tuple[dict[str, object], pd.DataFrame]]:
    """Rows of each scheme and horizon, with these two as columns of a table."""
    for scheme in sorted(set(rows["scheme"])):
        own = rows[rows["scheme"] == scheme]
        for horizon, part in by_horizon(own):
            yield {"scheme": str(scheme), HORIZON: horizon}, part


def by_horizon(rows: pd.DataFrame) -> Iterator[tuple[float, pd.DataFrame]]:
    """Rows of each horizon; NaN is that of a binary outcome."""
    for horizon in rows[HORIZON].drop_duplicates().sort_values().tolist():
        same = rows[HORIZON].isna() if np.isnan(horizon) else rows[HORIZON] == horizon
        yield float(horizon), rows[same]


def repeats_of(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of each repeat, in order."""
    return [part for _, part in rows.groupby("repeat", sort=True)]


def paired(rows: pd.DataFrame, arm: str, reference: str) -> pd.DataFrame:
    """Rows of an arm with the `risk` and `score` of a reference arm beside its own.

    Columns `risk_reference` and `score_reference`; subjects that both have scored.
    """
    keys = [*KEYS[1:], HORIZON]
    theirs = rows.loc[rows["arm"] == reference, [*keys, "risk", "score"]]
    mine = rows[rows["arm"] == arm]
    return mine.merge(theirs, on=keys, suffixes=("", "_reference"))


def counts(rows: pd.DataFrame) -> dict[str, int]:
    """Subjects, and those with an event (by the horizon, if there is one)."""
    subjects = rows.drop_duplicates("subject_id")
    by_then = subjects["event"] == 1
    if subjects[HORIZON].notna().any():
        by_then &= subjects["time_days"] <= subjects[HORIZON]
    return {"n": len(subjects), "n_events": int(by_then.sum())}
