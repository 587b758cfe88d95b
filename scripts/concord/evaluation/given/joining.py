"""Scores of frozen models with what became of the subjects, as given predictions."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...folds.scheme import FIXED
from ...frozen.applying.flags import SCORED
from ...frozen.document import FrozenModel
from .columns import THRESHOLDS
from .importing import held, in_order, outcomes_of_folds
from .settings import GivenEndpoint

#: The one set of subjects, as a fold is named.
EXTERNAL = "external"
_FOLD: dict[str, Any] = {"scheme": FIXED.name, "repeat": 1, "fold": EXTERNAL}
_KEYS = ["endpoint", "arm", *_FOLD, "subject_id"]
_TOLD = ("score", "probability", "risk_group", *THRESHOLDS)


def predictions_of(
    scores: pd.DataFrame, cohort: pd.DataFrame, endpoint: str
) -> pd.DataFrame:
    """Applicable scores of one endpoint, as a table of kind "predictions".

    Parameters
    ----------
    scores : DataFrame
        Of kind "patient_scores": one row per subject, model and horizon.
    cohort : DataFrame
        Cohort with outcomes.
    endpoint : str

    Returns
    -------
    DataFrame
        A subject without an applicable score has the reason.
    """
    mine = scores[scores["endpoint"] == endpoint].drop_duplicates(["arm", "subject_id"])
    applicable = mine["status"] == SCORED
    told = [name for name in _TOLD if name in mine]
    rows = mine[["endpoint", "arm", "subject_id", *told]].copy()
    rows[told] = rows[told].where(applicable)
    rows["reason"] = mine["reason"].where(~applicable, None)
    rows = rows.assign(**_FOLD)
    known = outcomes_of_folds(rows, cohort, endpoint)
    return in_order(rows.merge(known, on=[*_FOLD, "subject_id"], how="left"))


def risks_of(
    scores: pd.DataFrame, endpoint: str, days: Sequence[float]
) -> pd.DataFrame:
    """Applicable risks of one endpoint at its days, as a table of kind "risks"."""
    mine = scores[scores["endpoint"] == endpoint].assign(**_FOLD)
    judged = mine[mine["horizon_days"].isin(days)]
    risk = judged["risk"].where(judged["status"] == SCORED)
    return in_order(
        judged[_KEYS].assign(horizon_days=judged["horizon_days"], risk=risk)
    )


def document(
    predictions: Mapping[str, pd.DataFrame],
    models: Mapping[str, FrozenModel],
    endpoints: Mapping[str, GivenEndpoint],
) -> dict[str, Any]:
    """Counts of the scores, and the models that made them, for the report (JSON)."""
    parts = [
        {"endpoint": endpoint, "scheme": FIXED.name, **held(table)}
        for endpoint, table in predictions.items()
    ]
    made = {
        arm: {
            "hash": one.hash,
            "study": one.origin.study,
            "development": one.origin.development,
            "concord_version": one.concord_version,
        }
        for arm, one in models.items()
    }
    rows = sum(len(table) for table in predictions.values())
    return {
        "files": [],
        "rows": rows,
        "rows_left_out": 0,
        "software": "",
        "provenance": "",
        "models": made,
        "parts": parts,
        "days": {name: one.horizons for name, one in endpoints.items()},
    }
