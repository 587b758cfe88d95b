"""Values of the groups that were left out, pooled with random effects."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ..folds.scheme import LOSO
from ..statistics.meta_analysis import heterogeneity, pooled, prediction_interval
from ..tables.kinds import KINDS

_KEYS = ["endpoint", "arm", "metric"]
_GROUP = "group="
#: Fewer groups say little on how far groups differ.
FEW = 5
UNRELIABLE = (
    "{n} groups: read their own values first; how far groups differ, and so the "
    f"prediction interval, is unreliable below {FEW}"
)
TOO_FEW = "{n} groups have a value with a standard error, expected two or more"


def pooled_groups(performance: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Mean, scatter and prediction interval over groups, as kind "pooled_groups".

    On the logit scale, by REML and Hartung-Knapp. The standard error of each group is
    that of the table: of its subjects, widened for refitted models. Models of two
    groups share most of what they learnt, which the pooling takes no account of.

    Parameters
    ----------
    performance : DataFrame
        Table kind "performance" of one endpoint.
    confidence : float
        Level of all intervals.
    """
    groups = performance[
        (performance["scheme"] == LOSO.name)
        & performance["stratum"].str.startswith(_GROUP)
    ]
    return pd.DataFrame(
        [
            dict(zip(_KEYS, names, strict=True)) | _of_arm(rows, confidence)
            for names, rows in groups.groupby(_KEYS, sort=True)
        ],
        columns=list(KINDS["pooled_groups"]),
    )


def can_be_pooled(rows: pd.DataFrame) -> pd.Series:
    """True for values strictly between 0 and 1 that have a standard error above 0."""
    inside = (rows["estimate"] > 0) & (rows["estimate"] < 1)
    return (inside & (rows["standard_error"] > 0)).fillna(False).astype(bool)


def _of_arm(rows: pd.DataFrame, confidence: float) -> dict[str, Any]:
    usable = can_be_pooled(rows)
    known, n = rows[usable], int(usable.sum())
    found: dict[str, Any] = {
        "n_groups": len(rows),
        "n_pooled": n,
        "not_pooled": _others(rows[~usable]),
    }
    if n < 2:
        return found | {"reason": TOO_FEW.format(n=n)}
    values = known["estimate"].to_numpy(dtype=float)
    errors = known["standard_error"].to_numpy(dtype=float) / (values * (1 - values))
    reason = UNRELIABLE.format(n=n) if n < FEW else None
    return found | _pooled(special.logit(values), errors**2, confidence, reason)


def _pooled(
    logits: np.ndarray, variances: np.ndarray, confidence: float, reason: str | None
) -> dict[str, Any]:
    """Mean with both intervals as shares, and the scatter of groups as logits."""
    scatter = heterogeneity(logits, variances, confidence)
    mean = pooled(logits, variances, scatter.tau2, confidence)
    lower, upper = prediction_interval(logits, variances, confidence)
    bounds = {
        "estimate": mean.estimate,
        "lower": mean.lower,
        "upper": mean.upper,
        # A new group is never surer than the mean of groups.
        "prediction_lower": min(lower, mean.lower),
        "prediction_upper": max(upper, mean.upper),
        "usual_prediction_lower": mean.prediction_lower,
        "usual_prediction_upper": mean.prediction_upper,
    }
    shares = {name: float(special.expit(bound)) for name, bound in bounds.items()}
    return shares | {
        "tau": float(np.sqrt(scatter.tau2)),
        "tau_lower": float(np.sqrt(scatter.tau2_lower)),
        "tau_upper": float(np.sqrt(scatter.tau2_upper)),
        "i2": scatter.i2,
        "q": scatter.q,
        "q_p_value": scatter.p_value,
        "reason": reason,
    }


def _others(rows: pd.DataFrame) -> str | None:
    """Names of groups that are not pooled, each with the reason."""
    told = [
        f"{row['stratum'].removeprefix(_GROUP)} ({row['reason'] or 'no error'})"
        for row in rows.fillna({"reason": ""}).to_dict("records")
    ]
    return "; ".join(told) or None
