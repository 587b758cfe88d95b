"""Clinical impact at declared thresholds: what acting does to 1000 patients."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ...statistics.classification.net_benefit import odds
from ...tables import KINDS
from ..calibration import Calibration, Calibrations
from .benefits import EVENTS, FALSE, OVER_ALL, SHARE, TRUE, benefits
from .decision_curves import FEW, NOT_FOLLOWED
from .repeats import POOLED, Estimates
from .risk_rows import counts, parts_of

PATIENTS = 1000.0
FEW_ON_A_SIDE = f"fewer than {FEW} subjects on one side of the threshold"
_SHARES = {
    "flagged": SHARE,
    "true_positives": TRUE,
    "false_positives": FALSE,
    "events": EVENTS,
}


def clinical_impact(
    rows: pd.DataFrame,
    endpoint: str,
    declared: Sequence[float],
    confidence: float,
    calibrations: Calibrations,
) -> pd.DataFrame:
    """Numbers per 1000 patients at each declared threshold, as kind "clinical_impact".

    `avoided` is the gain over acting on everybody in units of actions: so many fewer
    needless actions at as many true positives, if negative so many more.

    Parameters
    ----------
    rows : DataFrame
        From `risk_rows`.
    endpoint : str
    declared : sequence of float
        Threshold probabilities; without one the table is empty.
    confidence : float
        Level of the intervals.
    calibrations : Calibrations
        Widening of the errors by permuted outcomes, but for that of the events.

    References
    ----------
    Vickers, A. J., Van Calster, B. and Steyerberg, E. W. (2016). "Net benefit
    approaches to the evaluation of prediction models, molecular markers, and diagnostic
    tests". BMJ, 352, i6. https://doi.org/10.1136/bmj.i6
    """
    thresholds = np.asarray(sorted(set(declared)), dtype=float)
    found = [
        {"endpoint": endpoint, "arm": arm, **names, **row}
        for names, part in parts_of(rows)
        for arm in sorted(set(part["arm"]))
        for row in _of_arm(
            part[part["arm"] == arm],
            thresholds,
            confidence,
            calibrations.get(arm, str(names["scheme"])),
        )
    ]
    return pd.DataFrame(found, columns=list(KINDS["clinical_impact"]))


def _of_arm(
    rows: pd.DataFrame, thresholds: np.ndarray, confidence: float, widened: Calibration
) -> Iterator[dict[str, Any]]:
    """One row per threshold."""
    if not len(thresholds):
        return
    judged, n = benefits(rows, thresholds), counts(rows)
    every, found = judged.estimates(confidence), judged.estimates(confidence, widened)
    chosen = every.value[SHARE] * n["n"]
    found = found.only((chosen >= FEW) & (n["n"] - chosen >= FEW))
    known = {**n, "method": f"{POOLED}; {widened.method}"}
    for place, threshold in enumerate(thresholds):
        row = {"threshold": float(threshold)} | known
        for name, part in _SHARES.items():
            of = every if part == EVENTS else found
            row |= _per_1000(name, *_of_share(of, part, place))
        price = float(1.0 / odds(threshold))
        gain = [
            price * float(one[OVER_ALL, place])
            for one in (found.value, found.lower, found.upper)
        ]
        row |= _per_1000("avoided", *gain)
        row["reason"] = _reason(found, place)
        yield row


def _of_share(found: Estimates, part: int, place: int) -> tuple[float, float, float]:
    """A share with its bounds, on the logit scale so that they stay within 0 and 1."""
    value = float(found.value[part, place])
    half = float(found.upper[part, place] - value)
    if not (0 < value < 1 and np.isfinite(half)):
        return value, np.nan, np.nan
    centre, step = special.logit(value), half / (value * (1 - value))
    lower, upper = special.expit([centre - step, centre + step]).tolist()
    return value, lower, upper


def _per_1000(name: str, value: float, lower: float, upper: float) -> dict[str, float]:
    """A number per 1000 patients with its bounds."""
    return {
        name: PATIENTS * value,
        f"{name}_lower": PATIENTS * lower,
        f"{name}_upper": PATIENTS * upper,
    }


def _reason(found: Estimates, place: int) -> str | None:
    """Words for a row without true positives, or without bounds."""
    if not np.isfinite(found.value[TRUE, place]):
        return NOT_FOLLOWED
    return None if np.isfinite(found.lower[SHARE, place]) else FEW_ON_A_SIDE
