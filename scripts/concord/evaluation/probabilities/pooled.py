"""Calibration of the groups that were left out, pooled with random effects."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...folds.scheme import LOSO
from ...statistics.meta_analysis import heterogeneity, pooled, prediction_interval
from ...tables.kinds import KINDS
from ..pooled_groups import FEW, TOO_FEW, UNRELIABLE

_GROUP = "group="
_KEYS = ["endpoint", "arm", "horizon_days"]
#: Measures with the columns of value and standard error; the ratio on the log scale.
INTERCEPT, SLOPE, RATIO = "intercept", "slope", "observed_expected"
_ERRORS = {
    INTERCEPT: "intercept_standard_error",
    SLOPE: "slope_standard_error",
    RATIO: "oe_log_standard_error",
}
_BOUNDS = ("estimate", "lower", "upper", "prediction_lower", "prediction_upper")


def pooled_calibration(calibration: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Mean, scatter and prediction interval over groups, as "pooled_calibration".

    By REML and Hartung-Knapp; of observed over expected on the log scale [1]_.

    Parameters
    ----------
    calibration : DataFrame
        Table kind "calibration" of one endpoint.
    confidence : float
        Level of all intervals.

    References
    ----------
    .. [1] Snell, K. I. E., Ensor, J., Debray, T. P. A., Moons, K. G. M. and Riley,
           R. D. (2018). "Meta-analysis of prediction model performance across multiple
           studies: which scale helps ensure between-study normality for the
           C-statistic and calibration measures?" Statistical Methods in Medical
           Research, 27, 3505-3522. https://doi.org/10.1177/0962280217705678
    """
    is_group = calibration["stratum"].str.startswith(_GROUP)
    groups = calibration[(calibration["scheme"] == LOSO.name) & is_group]
    rows = [
        dict(zip(_KEYS, names, strict=True)) | row
        for names, part in groups.groupby(_KEYS, sort=True, dropna=False)
        for row in _of_arm(part, confidence)
    ]
    return pd.DataFrame(rows, columns=list(KINDS["pooled_calibration"]))


def _of_arm(part: pd.DataFrame, confidence: float) -> Iterator[dict[str, Any]]:
    """One row per measure."""
    for measure, column in _ERRORS.items():
        value = part[measure].to_numpy(dtype=float)
        error = part[column].to_numpy(dtype=float)
        usable = np.isfinite(value) & (error > 0)
        if measure == RATIO:
            usable &= value > 0
        n = int(usable.sum())
        row = {
            "measure": measure,
            "n_groups": len(part),
            "n_pooled": n,
            "not_pooled": _others(part[~usable]),
        }
        if n < 2:
            yield row | {"reason": TOO_FEW.format(n=n)}
            continue
        values = np.log(value[usable]) if measure == RATIO else value[usable]
        found = _pooled(values, error[usable] ** 2, confidence)
        if measure == RATIO:
            found |= {name: float(np.exp(found[name])) for name in _BOUNDS}
        reason = UNRELIABLE.format(n=n) if n < FEW else None
        yield row | found | {"reason": reason}


def _pooled(
    values: np.ndarray, variances: np.ndarray, confidence: float
) -> dict[str, float]:
    """Mean with both intervals, and the scatter of groups."""
    scatter = heterogeneity(values, variances, confidence)
    mean = pooled(values, variances, scatter.tau2, confidence)
    lower, upper = prediction_interval(values, variances, confidence)
    return {
        "estimate": mean.estimate,
        "lower": mean.lower,
        "upper": mean.upper,
        # A new group is never surer than the mean of groups.
        "prediction_lower": min(lower, mean.lower),
        "prediction_upper": max(upper, mean.upper),
        "tau": float(np.sqrt(scatter.tau2)),
        "tau_lower": float(np.sqrt(scatter.tau2_lower)),
        "tau_upper": float(np.sqrt(scatter.tau2_upper)),
        "i2": scatter.i2,
        "q": scatter.q,
        "q_p_value": scatter.p_value,
    }


def _others(rows: pd.DataFrame) -> str | None:
    """Names of groups that are not pooled."""
    names = [name.removeprefix(_GROUP) for name in rows["stratum"]]
    return "; ".join(names) or None
