"""Scores of subjects by frozen models."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...folds.splitting import SubjectRows
from ...models.absolute_risk import risks_of_fold
from ...models.prediction import predict_fold
from ..document import FrozenModel


def scores_of(rows: SubjectRows, models: Mapping[str, FrozenModel]) -> pd.DataFrame:
    """Scores, kind "patient_scores"."""
    return pd.concat([_scores(rows, *one) for one in models.items()], ignore_index=True)


def _scores(rows: SubjectRows, arm: str, model: FrozenModel) -> pd.DataFrame:
    table = predict_fold(rows, model.model, 1).reset_index(names="subject_id")
    days = model.outcome.at_days
    table = table.drop(columns=["n_predictors", "n_missing"]).assign(
        arm=arm,
        endpoint=model.endpoint,
        status=np.where(table["score"].notna(), "scored", "not scored"),
    )
    if not days:
        return table.assign(horizon_days=np.nan, risk=np.nan)
    risks = risks_of_fold(model.model, table, days)
    wide = table.loc[table.index.repeat(len(days))]
    return wide.assign(horizon_days=np.tile(days, len(table)), risk=risks.ravel())
