"""Survival of the predicted risk groups, and how far their curves are apart."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..folds.scheme import CV

GROUPS = ("low", "high")
_ARM = ["endpoint", "arm"]
_CURVE = ["risk_group", "time_days", "n_at_risk", "n_events", "n_censored"]
_CURVE += ["survival", "lower", "upper"]


def evaluated(predictions: pd.DataFrame) -> pd.DataFrame:
    """Each subject once per arm: the first repeat of the cross-validation."""
    first = (predictions["scheme"] == CV.name) & (predictions["repeat"] == 1)
    return predictions[first]


def known_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a risk group and a known outcome."""
    return rows.dropna(subset=["risk_group", "time_days", "event"])


def risk_groups(predictions: pd.DataFrame) -> pd.DataFrame:
    """Sizes of the risk groups of each arm and their log-rank statistic.

    The groups come from cross-validation: each subject was grouped by a model
    fitted to other subjects. The log-rank test takes groups as independent of the
    outcomes, so its p here is **no p-value** (in simulations of noise, 12 % lie below
    0.05); it stands in the table as `nominal_p`, because the figure prints it. A
    test of the arm is its permuted outcomes, in the table of kind "null_tests".

    Parameters
    ----------
    predictions : DataFrame
        Of kind "predictions", of one survival endpoint.

    Returns
    -------
    DataFrame
        Of kind "risk_groups": one row per arm.
    """
    return pd.DataFrame(
        [
            {"endpoint": endpoint, "arm": arm, **_comparison(rows)}
            for (endpoint, arm), rows in evaluated(predictions).groupby(_ARM)
        ],
        columns=[*_ARM, *_COMPARED],
    )


def survival_curves(predictions: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Kaplan-Meier curves of the risk groups of each arm, kind "kaplan_meier"."""
    tables = [
        table.assign(endpoint=str(endpoint), arm=str(arm))
        for (endpoint, arm), rows in evaluated(predictions).groupby(_ARM)
        for table in _curves(known_rows(rows), confidence)
    ]
    if not tables:
        return pd.DataFrame(columns=[*_ARM, *_CURVE])
    return pd.concat(tables, ignore_index=True)


def log_rank(known: pd.DataFrame) -> tuple[float, float]:
    """Log-rank statistic of high against low risk (chi-squared, 1 df), and its p.

    NaN if one of the groups is empty or no event was observed.
    """
    from lifelines.statistics import logrank_test

    high = known["risk_group"] == "high"
    if high.all() or not high.any() or known["event"].sum() == 0:
        return float("nan"), float("nan")
    days = known["time_days"].to_numpy(dtype=float)
    event = known["event"].to_numpy(dtype=int)
    test = logrank_test(days[high], days[~high], event[high], event[~high])
    return float(test.test_statistic), float(test.p_value)


_COMPARED = ["n", "n_events", "n_high", "n_events_high", "n_missing"]
_COMPARED += ["log_rank_statistic", "nominal_p"]


def _comparison(rows: pd.DataFrame) -> dict[str, Any]:
    known = known_rows(rows)
    high = known[known["risk_group"] == "high"]
    statistic, p_value = log_rank(known)
    return {
        "n": len(known),
        "n_events": int(known["event"].sum()),
        "n_high": len(high),
        "n_events_high": int(high["event"].sum()),
        "n_missing": len(rows) - len(known),
        "log_rank_statistic": statistic,
        "nominal_p": p_value,
    }


def _curves(known: pd.DataFrame, confidence: float) -> Iterator[pd.DataFrame]:
    """Curve of each group that has subjects, one row per distinct time."""
    from lifelines import KaplanMeierFitter

    for name in GROUPS:
        part = known[known["risk_group"] == name]
        if part.empty:
            continue
        days = part["time_days"].to_numpy(dtype=float)
        event = part["event"].to_numpy(dtype=int)
        fitted = KaplanMeierFitter(alpha=1 - confidence).fit(days, event)
        counts = fitted.event_table
        band = fitted.confidence_interval_survival_function_.to_numpy()
        yield pd.DataFrame(
            {
                "risk_group": name,
                "time_days": counts.index.to_numpy(dtype=float),
                "n_at_risk": counts["at_risk"].to_numpy(dtype=int),
                "n_events": counts["observed"].to_numpy(dtype=int),
                "n_censored": counts["censored"].to_numpy(dtype=int),
                "survival": fitted.survival_function_.to_numpy().ravel(),
                "lower": np.asarray(band[:, 0], dtype=float),
                "upper": np.asarray(band[:, 1], dtype=float),
            }
        )
