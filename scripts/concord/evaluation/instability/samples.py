"""Predictions of sample models as matrices: models by subjects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...folds.bootstrap import WHOLE

PROBABILITY, RISK, STANDARD = "probability", "risk", "standard score"
_HEAD = ["endpoint", "arm", "horizon_days"]


@dataclass(frozen=True)
class Samples:
    """Predictions of one arm, and of one horizon if it has some.

    The first row of each matrix, shape (1 + models, subjects), is of the model of all
    subjects; NaN where there is no prediction.
    """

    head: dict[str, Any]
    scale: str
    subjects: pd.Index
    numbers: np.ndarray  # (1 + models,), 0 and those of the samples
    prediction: np.ndarray
    score: np.ndarray
    high: np.ndarray  # 1 in the group of high risk, 0 in the others
    failed: str | None  # reason why the model of all subjects is missing

    @property
    def fitted(self) -> np.ndarray:
        """True for models with predictions, shape (1 + models,)."""
        return np.asarray(np.isfinite(self.prediction).any(axis=1))

    @property
    def is_absolute(self) -> bool:
        """True if predictions are probabilities or risks."""
        return self.scale != STANDARD


def sample_matrices(table: pd.DataFrame, n_samples: int) -> Iterator[Samples]:
    """Matrices of every arm and horizon of a table of kind "sample_predictions".

    Parameters
    ----------
    table : DataFrame
        Of one endpoint.
    n_samples : int
        The first samples that are looked at.
    """
    wanted = table[table["sample"] <= n_samples]
    for names, rows in wanted.groupby(_HEAD, sort=True, dropna=False):
        yield _of(dict(zip(_HEAD, names, strict=True)), rows)


def _of(head: dict[str, Any], rows: pd.DataFrame) -> Samples:
    """Matrices of one arm and horizon."""
    absolute = rows["prediction"].notna().any()
    timed = RISK if pd.notna(head["horizon_days"]) else PROBABILITY
    column = "prediction" if absolute else "standard_score"
    high = rows["risk_group"].map(lambda group: float(group == "high"))
    told = rows.assign(high=high.where(rows["risk_group"].notna()))
    keys = {"index": "sample", "columns": "subject_id"}
    parts = {
        name: told.pivot(values=name, **keys) for name in (column, "score", "high")
    }
    values = {k: part.sort_index().to_numpy(float) for k, part in parts.items()}
    whole = rows.loc[rows["sample"] == WHOLE, "reason"].dropna()
    has_whole = np.isfinite(values[column][0]).any()
    return Samples(
        head,
        timed if absolute else STANDARD,
        parts[column].columns,
        np.array(sorted(parts[column].index), dtype=int),
        values[column],
        values["score"],
        values["high"],
        None if has_whole else "; ".join(whole.unique()),
    )
