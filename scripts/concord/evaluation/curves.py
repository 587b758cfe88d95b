"""Curves of an endpoint: ROC, or survival of the predicted risk groups."""

import pandas as pd

from ..statistics.outcome_kinds import OutcomeKind
from . import risk_groups, roc


def curves(
    predictions: pd.DataFrame,
    kind: OutcomeKind,
    confidence: float,
    null: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Tables of kinds "roc", "kaplan_meier" and "risk_groups", by kind.

    Those that do not belong to this kind of outcome have no rows.
    """
    nothing = predictions.iloc[:0]
    binary = predictions if kind.curve == "roc" else nothing
    survival = predictions if kind.curve == "kaplan_meier" else nothing
    return {
        "roc": roc.mean_curves(binary),
        "kaplan_meier": risk_groups.survival_curves(survival, confidence),
        "risk_groups": risk_groups.risk_groups(survival, null),
    }
