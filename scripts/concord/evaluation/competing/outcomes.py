"""Outcomes with competing causes: time and code of the subjects who have both."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from ...folds import cohort as cohorts


@dataclass(frozen=True)
class CompetingOutcomes:
    """Time to the first event or censoring, and its code (0: censored)."""

    subjects: pd.Index  # (n,)
    time_days: np.ndarray  # (n,)
    code: np.ndarray  # (n,) of int

    @classmethod
    def of(cls, cohort: pd.DataFrame, endpoint: str) -> Self:
        """Outcomes of all subjects of a cohort whose outcome is known."""
        time = cohorts.outcome(cohort, endpoint)["time_days"]
        code = cohorts.causes(cohort, endpoint)
        known = time.notna() & code.notna()
        return cls(
            code.index[known],
            time[known].to_numpy(dtype=float),
            code[known].to_numpy(dtype=int),
        )

    def among(self, values: pd.DataFrame) -> tuple["CompetingOutcomes", pd.DataFrame]:
        """Outcomes of the subjects with all of some values, and these, row by row.

        Parameters
        ----------
        values : DataFrame
            Indexed by subject.
        """
        complete = values.reindex(self.subjects).dropna()
        rows = self.subjects.isin(complete.index)
        own = CompetingOutcomes(
            self.subjects[rows], self.time_days[rows], self.code[rows]
        )
        return own, complete
