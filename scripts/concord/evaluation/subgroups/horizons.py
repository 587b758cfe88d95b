"""Outcomes by a horizon: pseudo-values, and status with weights for the censored."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ...statistics.censoring import followed
from ...statistics.subgroups.pseudo_values import pseudo_values
from ..outcome_codes import OF_INTEREST, outcome_codes


class Status(NamedTuple):
    """Event by the horizon (0/1, NaN if censored before), and weights of the known."""

    event: np.ndarray
    weight: np.ndarray


class Horizons:
    """Outcomes of subjects by horizons, each set of subjects computed once.

    Rows have `subject_id`, `event` and `time_days` and, of an endpoint whose causes
    compete, `cause`.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[float, tuple[str, ...]], np.ndarray] = {}

    def observed(self, rows: pd.DataFrame, horizon: float) -> np.ndarray:
        """Pseudo-values of the event by the horizon, shape (n,)."""
        key = horizon, tuple(rows["subject_id"])
        if key not in self._known:
            time = rows["time_days"].to_numpy(dtype=float)
            self._known[key] = pseudo_values(time, outcome_codes(rows), horizon)
        return self._known[key]

    def status(self, rows: pd.DataFrame, horizon: float) -> Status:
        """Status at the horizon; weights are inverse probabilities of being followed.

        Of all rows given, which should be those of one repeat.
        """
        time, code = rows["time_days"].to_numpy(dtype=float), outcome_codes(rows)
        happened = (code != 0) & (time <= horizon)
        known = happened | (time >= horizon)
        last = np.where(known & ~happened, np.inf, time)
        weight = np.where(known, 1 / followed(last, known, happened), 0.0)
        event = np.where(happened & (code == OF_INTEREST), 1.0, 0.0)
        return Status(np.where(known, event, np.nan), weight)
