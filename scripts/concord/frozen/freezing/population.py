"""Development subjects in counts that name nobody."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...folds.settings import Covariate
from ...folds.subject_table import COVARIATE
from ...models.fitted_model import FittedModel
from ...statistics.survival.kaplan_meier import KaplanMeier
from ..development import Population

HIDDEN = "Counts of fewer than {k} people, and what would tell them, are not told."


def population(
    cohort: pd.DataFrame,
    outcome: pd.DataFrame,
    model: FittedModel,
    covariates: Mapping[str, Covariate],
    smallest_cell: int = 0,
) -> Population:
    """Counts and summaries of the subjects that a model was fitted to.

    Parameters
    ----------
    cohort : DataFrame
        All development subjects.
    outcome : DataFrame
        Of those that were fitted to, from `cohort.target_of`.
    model : FittedModel
        The model.
    covariates : mapping of Covariate
        Covariates that are summarized, by name.
    smallest_cell : int
        Counts of fewer people are left out, and with a single one the next larger.
    """
    own = cohort[cohort["subject_id"].isin(outcome.index)]
    n, n_events = len(own), model.n_events
    rare = n_events is not None and min(n_events, n - n_events) < smallest_cell
    counts = own["group"].astype(str).value_counts()
    groups = told({str(g): int(n) for g, n in counts.items()}, smallest_cell)
    hides = rare or len(groups) < own["group"].nunique()
    found = {
        name: summary(own, name, one, smallest_cell) for name, one in covariates.items()
    }
    return Population(
        n=n,
        n_events=None if rare else n_events,
        groups=dict(sorted(groups.items())),
        covariates={name: one for name, one in found.items() if one},
        follow_up_days=median_follow_up(outcome),
        excluded=len(cohort) - n,
        facts={"small counts": HIDDEN.format(k=smallest_cell)} if hides else {},
    )


def told(counts: Mapping[str, int], smallest_cell: int) -> dict[str, int]:
    """Counts that may be told: none below the smallest, nor one that tells another."""
    ordered = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    n_hidden = sum(0 < count < smallest_cell for _, count in ordered)
    if n_hidden == 1:
        n_hidden = 2
    return dict(ordered[n_hidden:])


def summary(
    cohort: pd.DataFrame, name: str, section: Covariate, smallest_cell: int
) -> dict[str, float]:
    """Mean, SD and number of a number, or the shares of the levels of a category."""
    if section.kind == "number":
        return _of_number(cohort, f"{COVARIATE}{name}", smallest_cell)
    columns = {level: f"{COVARIATE}{name}={level}" for level in section.levels[1:]}
    if not columns or not set(columns.values()) <= set(cohort):
        return {}
    known = cohort[list(columns.values())].dropna()
    counts = {level: int(known[column].sum()) for level, column in columns.items()}
    first = {section.levels[0]: len(known) - sum(counts.values())}
    shown = told(first | counts, smallest_cell)
    shares = {
        level: count / len(known)
        for level, count in (first | counts).items()
        if level in shown and len(known)
    }
    return shares | ({"n": float(len(known))} if shares else {})


def _of_number(
    cohort: pd.DataFrame, column: str, smallest_cell: int
) -> dict[str, float]:
    if column not in cohort:
        return {}
    values = cohort[column].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if len(values) < max(2, smallest_cell):
        return {}
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        "n": float(len(values)),
    }


def median_follow_up(outcome: pd.DataFrame) -> float | None:
    """Median follow-up in days by the reverse Kaplan-Meier estimate [1]_.

    Whoever had an event, of any cause, counts as censored then. None without times,
    or where fewer than half would have been followed to an end.

    References
    ----------
    .. [1] Schemper, M., Smith, T. L. (1996). "A note on quantifying follow-up in
           studies of failure time". Controlled Clinical Trials, 17, 343-346.
           https://doi.org/10.1016/0197-2456(96)00075-X
    """
    if outcome["time_days"].isna().any():
        return None
    event = outcome["cause"] > 0 if "cause" in outcome else outcome["event"] == 1
    days = outcome["time_days"].to_numpy(dtype=float)
    curve = KaplanMeier.of((~event).to_numpy(dtype=float), days)
    reached: Sequence[float] = curve.times[curve.survival <= 0.5 + 1e-12].tolist()
    return float(reached[0]) if reached else None
