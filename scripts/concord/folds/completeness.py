"""Missing predictors of a subject, and who has too few of them to be used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .subject_table import feature_names

#: Why a subject is neither learnt from nor scored.
NO_FEATURES = "no features"
TOO_MANY_MISSING = "too many missing"


@dataclass(frozen=True)
class Missing:
    """Number of predictors of one kind that each subject has not."""

    kind: str  # features or covariates
    n_missing: np.ndarray  # (n subjects,)
    n: int  # predictors of this kind

    def reasons(self, limit: float) -> np.ndarray:
        """Why a subject has too few of them, shape (n,); None for all others."""
        found = np.full(len(self.n_missing), None, dtype=object)
        accepted = round(limit * self.n, 9)  # 0.29 of 100 is 29, not a bit less
        for subject in np.flatnonzero(self.n_missing > accepted):
            found[subject] = (
                f"{TOO_MANY_MISSING} {self.kind}: {self.n_missing[subject]} of "
                f"{self.n}, accepted {100 * limit:g} %"
            )
        return found


def missing(
    rows: pd.DataFrame, covariates: Sequence[str], unmeasured: Collection[str] = ()
) -> tuple[Missing, Missing]:
    """Features and covariates that are missing.

    Parameters
    ----------
    rows : DataFrame
        Predictors, one row per subject.
    covariates : sequence of str
        Columns of the covariates; all those of a category count as one.
    unmeasured : collection of str
        Columns that nobody in development has: no model can use them, so that they
        do not count.
    """
    left_out = set(unmeasured)
    features = [n for n in feature_names(rows.columns) if n not in left_out]
    known = [name for name in covariates if name not in left_out]
    first = {name.partition("=")[0]: name for name in reversed(known)}
    return (
        _missing("features", rows[features]),
        _missing("covariates", rows[list(first.values())]),
    )


def unmeasured(rows: pd.DataFrame, above: float = 1.0) -> list[str]:
    """Columns without any value, and features that more than a share of rows lack."""
    absent = _absent(rows)
    dropped = absent.sum(axis=0) > round(above * len(rows), 9)
    feature = rows.columns.isin(feature_names(rows.columns))
    nobody = absent.all(axis=0) | (dropped & feature)
    return [str(name) for name in rows.columns[nobody]]


def reasons(rows: pd.DataFrame, missing: Sequence[Missing], limit: float) -> pd.Series:
    """Why a subject must not be used, or None, by the index of the rows.

    A limit of 1 leaves out only those who have none of the arm's features.
    """
    found = pd.Series(None, index=rows.index, dtype=object)
    for one in missing:
        found = found.where(found.notna(), one.reasons(limit))
    names = feature_names(rows.columns)
    nothing = np.asarray(_absent(rows[names]).all(axis=1))
    return found.mask(nothing & bool(names), NO_FEATURES)


def _missing(kind: str, rows: pd.DataFrame) -> Missing:
    return Missing(kind, _absent(rows).sum(axis=1), rows.shape[1])


def _absent(rows: pd.DataFrame) -> np.ndarray:
    """Cells (n, p) that hold no number; an infinite one is imputed as well."""
    return np.asarray(~np.isfinite(rows.to_numpy(dtype=float, na_value=np.nan)))
