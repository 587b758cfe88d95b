"""Operating points: what is reached at thresholds that were chosen in development."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...folds.scheme import require_evaluated
from ...models.settings.thresholds import Thresholds
from ...statistics.classification.shares import Share, accuracy_shares
from ...tables.kinds import KINDS
from ..fold_values import is_by_group, of_arm
from ..intervals import wilson_interval
from .calls import PROBABILITY, Calls, binary_calls, risk_calls
from .outcomes import judged
from .tables import Judge

SHARES = ("sensitivity", "specificity", "ppv", "npv")
_GROUP = "group="
_LEARNT = "each fold by its own threshold"
_GIVEN = "by the probability of each subject"
_WEIGHTED = "; weighted by the inverse probability of follow-up"
NO_THRESHOLD = (
    "no fold has the threshold: it was not given, or development has one class or "
    "scores that tell nobody apart"
)


def operating_points(
    predictions: pd.DataFrame,
    risks: pd.DataFrame,
    judge: Judge,
    thresholds: Thresholds,
) -> pd.DataFrame:
    """Sensitivity, specificity and predictive values, as kind "operating_points".

    Whether a subject is called high is a statement of its own model, so that calls of
    all folds of a repeat are counted together; shares of the repeats are averaged.

    Parameters
    ----------
    predictions : DataFrame
        Kind "predictions" of one endpoint, all arms and schemes.
    risks : DataFrame
        Kind "risks" of the same rows; needed of outcomes with times alone.
    judge : Judge
        Kind of the outcome and confidence.
    thresholds : Thresholds
        What the rules of thresholds ask for.
    """
    require_evaluated(predictions, "predictions")
    rows, found = judged(predictions), []
    for (arm, scheme), every in predictions.groupby(["arm", "scheme"], sort=True):
        mine = of_arm(rows, str(arm), str(scheme))
        head = {"endpoint": every["endpoint"].iloc[0], "arm": arm, "scheme": scheme}
        by_group = is_by_group(str(scheme))
        calls = (
            risk_calls(mine, risks, thresholds, by_group)
            if judge.kind.has_times
            else binary_calls(mine, thresholds)
        )
        for one in calls:
            found += [head | row for row in _strata(one, judge.confidence)]
    return pd.DataFrame(found, columns=list(KINDS["operating_points"]))


def _strata(calls: Calls, confidence: float) -> Iterator[dict[str, Any]]:
    """Row of all subjects, then one of each group if there are several."""
    rows = calls.rows
    yield {"stratum": "all"} | _row(calls, confidence)
    # Of one group, a fold may hold nobody.
    groups = sorted(set(rows["group"]))
    for name in groups if len(groups) > 1 else []:
        mine = rows[rows["group"] == name]
        own = len(mine[["repeat", "fold"]].drop_duplicates())
        part = calls._replace(rows=mine, n_folds=own)
        yield {"stratum": f"{_GROUP}{name}"} | _row(part, confidence)


def _row(calls: Calls, confidence: float) -> dict[str, Any]:
    """Counts, mean threshold and the shares with intervals."""
    rows, rule = calls.rows, calls.rule
    known = rows[rows["counts"] > 0]
    subjects = known.drop_duplicates("subject_id")
    by_fold = rows.drop_duplicates(["repeat", "fold"])["threshold"]
    found: dict[str, Any] = {
        "rule": rule.name,
        "horizon_days": rule.horizon_days,
        "asked": rule.asked,
        "threshold": float(by_fold.mean()) if len(by_fold) else np.nan,
        "n_folds": len(by_fold),
        "n": len(subjects),
        "n_events": int(subjects["case"].sum()),
    }
    repeats = [_of_repeat(part) for _, part in known.groupby("repeat")]
    if not repeats:
        return found | {"reason": NO_THRESHOLD}
    found["high"] = float(known["high"].groupby(known["repeat"]).mean().mean())
    for name in SHARES:
        found |= _averaged(name, [one[name] for one in repeats], confidence)
    return found | {"method": _method(calls, len(repeats)), "reason": _reason(found)}


def _of_repeat(rows: pd.DataFrame) -> dict[str, Share]:
    return accuracy_shares(
        rows["case"].to_numpy(dtype=bool),
        rows["high"].to_numpy(dtype=bool),
        rows["counts"].to_numpy(dtype=float),
        pd.factorize(rows["cluster"])[0],
    )


def _averaged(name: str, shares: list[Share], confidence: float) -> dict[str, float]:
    """Mean over the repeats that have the share, and its interval."""
    known = [one for one in shares if np.isfinite(one.value)]
    if not known:
        return {name: np.nan, f"{name}_lower": np.nan, f"{name}_upper": np.nan}
    value = float(np.mean([one.value for one in known]))
    n = float(np.mean([one.n for one in known]))
    lower, upper = wilson_interval(value, n, confidence)
    return {name: value, f"{name}_lower": lower, f"{name}_upper": upper}


def _method(calls: Calls, n_repeats: int) -> str:
    how = _GIVEN if calls.rule.name == PROBABILITY else _LEARNT
    weighted = _WEIGHTED if calls.rows["counts"].nunique() > 1 else ""
    averaged = f"; mean of {n_repeats} repeats" if n_repeats > 1 else ""
    lost = calls.n_folds - len(calls.rows[["repeat", "fold"]].drop_duplicates())
    without = f"; {lost} of {calls.n_folds} folds have no threshold" if lost else ""
    return f"Wilson, subjects of one repeat, {how}{weighted}{averaged}{without}"


def _reason(found: dict[str, Any]) -> str | None:
    """Names of the shares that are undefined, since nobody counts for them."""
    lacking = [name for name in SHARES if np.isnan(found[name])]
    return f"nobody to tell {' and '.join(lacking)} by" if lacking else None
