"""Missing predictors of a subject, and who has too few of them to be used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..folds.subject_table import feature_names

#: Why a subject is neither learnt from nor scored.
NO_FEATURES = "no features"
TOO_MANY_MISSING = "too many missing"


@dataclass(frozen=True)
class Missing:
    """How many predictors of one kind each subject has not; arrays have shape (n,)."""

    kind: str  # features or covariates
    n_missing: np.ndarray
    n: int

    def reasons(self, limit: float) -> np.ndarray:
        """Why a subject has too few of them, shape (n,); None for all others."""
        found = np.full(len(self.n_missing), None, dtype=object)
        for subject in np.flatnonzero(self.n_missing > limit * self.n):
            found[subject] = (
                f"{TOO_MANY_MISSING} {self.kind}: {self.n_missing[subject]} of "
                f"{self.n}, accepted {100 * limit:g} %"
            )
        return found


def missing_features(rows: pd.DataFrame, unmeasured: Collection[str] = ()) -> Missing:
    """Features that are missing.

    Parameters
    ----------
    rows : DataFrame
        Predictors, one row per subject.
    unmeasured : collection of str
        Columns that nobody in development has: no model can use them, so that they
        do not count.
    """
    names = [n for n in feature_names(rows.columns) if n not in set(unmeasured)]
    missing = rows[names].isna().to_numpy(dtype=bool)
    return Missing("features", missing.sum(axis=1), len(names))


def missing_covariates(
    rows: pd.DataFrame, columns: Sequence[str], unmeasured: Collection[str] = ()
) -> Missing:
    """Covariates that are missing; all columns of a category count as one."""
    known = [name for name in columns if name not in set(unmeasured)]
    first = {name.partition("=")[0]: name for name in reversed(known)}
    missing = rows[list(first.values())].isna().to_numpy(dtype=bool)
    return Missing("covariates", missing.sum(axis=1), len(first))


def unmeasured(rows: pd.DataFrame) -> list[str]:
    """Columns without any value."""
    return [str(name) for name in rows.columns[rows.isna().all()]]


def reasons(rows: pd.DataFrame, missing: Sequence[Missing], limit: float) -> pd.Series:
    """Why a subject must not be used, or None, by the index of the rows.

    A limit of 1 leaves out only those who have none of the arm's features.
    """
    found = pd.Series(None, index=rows.index, dtype=object)
    for one in missing:
        found = found.where(found.notna(), one.reasons(limit))
    names = feature_names(rows.columns)
    return found.mask(rows[names].isna().all(axis=1) & bool(names), NO_FEATURES)
