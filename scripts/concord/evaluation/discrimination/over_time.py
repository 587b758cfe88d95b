"""AUC over time of the headline and the reference arm, for a curve."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from ...folds.scheme import EVALUATED
from ...statistics.survival.concordance import CASE, CONTROL, states
from ...tables.kinds import KINDS
from ..fold_errors import share_interval
from ..fold_values import is_by_group, of_arm, sets_of
from ..intervals import Interval
from .fold_measures import fold_measures
from .measures import SurvivalMeasures
from .outcomes import STATUS, judged, last_day, planned, subjects_of
from .tables import Judge

N_DAYS = 40
#: Share of the events that have happened at the first day, and of the folds that must
#: have cases and controls.
_FIRST, _LEAST_FOLDS = 0.1, 0.5
FEW_FOLDS = "fewer than half of the folds have a case and a control"


def over_time(
    predictions: pd.DataFrame, judge: Judge, arms: Sequence[str]
) -> pd.DataFrame:
    """AUC of cases by a day and controls at it, as kind "time_dependent_auc".

    Of the first scheme that the predictions have, in the order cross-validation, groups
    left out, declared sets, on equally spaced days. No rows without times or events.

    Parameters
    ----------
    predictions : DataFrame
        Kind "predictions" of one endpoint, all arms and schemes.
    judge : Judge
        Kind of the outcome, ranges, confidence and widening.
    arms : sequence of str
        Arms that are drawn.
    """
    columns = list(KINDS["time_dependent_auc"])
    schemes = [k.name for k in EVALUATED if k.name in set(predictions["scheme"])]
    if not judge.kind.has_times or not schemes:
        return pd.DataFrame(columns=columns)
    every = predictions[predictions["scheme"] == schemes[0]]
    rows = judged(every)
    days = _days(rows, judge)
    found = []
    for arm in dict.fromkeys(arms):
        mine = of_arm(rows, arm, schemes[0])
        if len(mine) and len(days):
            keys = planned(of_arm(every, arm, schemes[0]))
            found += _curve(mine, keys, days, judge, schemes[0])
    return pd.DataFrame(found, columns=columns)


def _days(rows: pd.DataFrame, judge: Judge) -> np.ndarray:
    """Days from the time by which some events have happened to the last."""
    subjects = subjects_of(rows)
    declared = judge.options.concordance_until_days
    until = last_day(rows, declared, judge.horizons)
    events = subjects.loc[subjects["event"] == 1, "time_days"].to_numpy(dtype=float)
    if not len(events):
        return np.zeros(0)
    first = float(np.quantile(events, _FIRST))
    return np.linspace(first, until, N_DAYS) if first < until else np.zeros(0)


def _curve(
    rows: pd.DataFrame,
    keys: list[tuple[int, str]],
    days: np.ndarray,
    judge: Judge,
    scheme: str,
) -> list[dict[str, Any]]:
    """Rows of one arm."""
    arm, by_group = str(rows["arm"].iloc[0]), is_by_group(scheme)
    measure = SurvivalMeasures(np.nan, days, False, concordance=False)
    folds = fold_measures(rows, keys, measure, by_group)
    calibration = judge.calibration(arm, arm, scheme)
    subjects = subjects_of(rows)
    watched = subjects["time_days"].to_numpy(dtype=float)
    known = states(subjects[STATUS].to_numpy(), watched, days)
    head = {"endpoint": rows["endpoint"].iloc[0], "arm": arm, "scheme": scheme}
    text, found = f"mean over {sets_of(scheme)}", []
    for day, values, state in zip(days, folds, known, strict=True):
        interval = share_interval(values, calibration, judge.confidence, text, by_group)
        enough = values.n_defined >= _LEAST_FOLDS * len(keys)
        counts = {
            "time_days": float(day),
            "n_cases": int((state == CASE).sum()),
            "n_controls": int((state == CONTROL).sum()),
            "n_folds": values.n_defined,
        }
        found.append(head | counts | _shown(interval, enough))
    return found


def _shown(interval: Interval, enough: bool) -> dict[str, Any]:
    """Value and bounds of a day; none if too few folds have them."""
    known = asdict(interval)
    return {
        **{k: known[k] if enough else np.nan for k in ("estimate", "lower", "upper")},
        "method": interval.method,
        "reason": interval.reason if enough else FEW_FOLDS,
    }
