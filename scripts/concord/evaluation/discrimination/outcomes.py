"""Rows that are judged: what became of each subject, and until when all are watched."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...statistics.survival.censoring import Censoring
from ..fold_values import Key, scored_rows
from ..outcome_codes import outcome_codes

STATUS = "status"
#: Share of subjects who are followed to the last day by default.
_STILL_FOLLOWED = 0.1


def judged(predictions: pd.DataFrame) -> pd.DataFrame:
    """Predictions with a score and an outcome, and its `status`.

    The status is 1 for the event of interest, 2 for one of another cause and else 0.
    """
    rows = scored_rows(predictions)
    return rows.assign(**{STATUS: outcome_codes(rows)})


def subjects_of(rows: pd.DataFrame) -> pd.DataFrame:
    """One row of each subject, in the order of their ids."""
    return rows.drop_duplicates("subject_id").sort_values("subject_id")


def censoring_of(rows: pd.DataFrame) -> Censoring:
    """Distribution of censoring of the subjects of some rows, one row each."""
    days = rows["time_days"].to_numpy(dtype=float)
    return Censoring.of(days, rows[STATUS].to_numpy() > 0)


def planned(predictions: pd.DataFrame) -> list[Key]:
    """(repeat, fold) of all rows of one arm and scheme, scored or not, sorted."""
    keys = predictions[["repeat", "fold"]].drop_duplicates()
    found = keys.sort_values(["repeat", "fold"])
    return [(int(repeat), str(fold)) for repeat, fold in found.itertuples(index=False)]


def last_day(
    rows: pd.DataFrame, declared: float | None, horizons: Sequence[float]
) -> float:
    """Last day on which events count: declared, the last horizon, or of follow-up.

    Of follow-up, it is the day up to which a tenth of the subjects are followed.
    """
    if declared is not None:
        return float(declared)
    if len(horizons):
        return float(max(horizons))
    days = np.sort(subjects_of(rows)["time_days"].to_numpy(dtype=float))
    if not len(days):
        return float("nan")
    return float(days[-max(1, int(np.ceil(_STILL_FOLLOWED * len(days))))])
