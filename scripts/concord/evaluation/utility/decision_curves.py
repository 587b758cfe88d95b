"""Decision curves of all arms: net benefit over a grid of thresholds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...tables import KINDS
from ..calibration import Calibration, Calibrations
from .benefits import ALL, OVER_ALL, SHARE, VALUE, benefits, gain_over_reference
from .repeats import POOLED, Estimates
from .risk_rows import counts, paired, parts_of

#: Thresholds of every curve.
GRID = np.round(np.arange(1, 100) / 100, 2)
#: Subjects on either side of a threshold below which no interval is given.
FEW = 5
NOBODY = "nobody has so high a risk"
TOO_FEW = f"fewer than {FEW} subjects have so high a risk"
NOT_FOLLOWED = "none of those with so high a risk is followed to the horizon"


def decision_curves(
    rows: pd.DataFrame,
    endpoint: str,
    reference_arm: str,
    declared: Sequence[float],
    confidence: float,
    calibrations: Calibrations,
) -> pd.DataFrame:
    """Net benefit of each arm, scheme, horizon and threshold, as kind "decision_curve".

    Parameters
    ----------
    rows : DataFrame
        From `risk_rows`.
    endpoint, reference_arm : str
        The net benefit of each other arm is compared with that of the reference arm,
        over the subjects of both.
    declared : sequence of float
        Thresholds beside those of the grid.
    confidence : float
        Level of the pointwise intervals.
    calibrations : Calibrations
        Widening of the errors by permuted outcomes.
    """
    thresholds = np.union1d(GRID, np.asarray(declared, dtype=float))
    found = []
    for names, part in parts_of(rows):
        for arm in sorted(set(part["arm"])):
            widened = calibrations.get(arm, str(names["scheme"]))
            own = part[part["arm"] == arm]
            curve = _curve(own, thresholds, confidence, widened)
            head = {"endpoint": endpoint, "arm": arm, **names}
            both = paired(part, arm, reference_arm)
            if arm != reference_arm and len(both):
                head["reference_arm"] = reference_arm
                pair = arm, reference_arm, str(names["scheme"])
                widened = calibrations.of_pair(*pair)
                curve |= _over_reference(both, thresholds, confidence, widened)
            found.append(pd.DataFrame({"threshold": thresholds} | curve).assign(**head))
    columns = list(KINDS["decision_curve"])
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return table.reindex(columns=columns)


def _curve(
    rows: pd.DataFrame, thresholds: np.ndarray, confidence: float, widened: Calibration
) -> dict[str, object]:
    """Columns of one arm, (T,) each."""
    judged, known = benefits(rows, thresholds), counts(rows)
    found = judged.estimates(confidence, widened)
    flagged, value = found.value[SHARE], found.value[VALUE]
    enough = flagged * known["n"] >= FEW
    left = (1 - flagged) * known["n"] >= FEW
    own = found.only(enough)
    return {
        "flagged": flagged,
        "net_benefit": value,
        "standard_error": own.standard_error[VALUE],
        "lower": own.lower[VALUE],
        "upper": own.upper[VALUE],
        **_columns("treat_all", judged.estimates(confidence), ALL),
        **_columns("over_all", found.only(left), OVER_ALL),
        **known,
        "method": f"{POOLED}; {widened.method}",
        "reason": _reasons(value, flagged, own.standard_error[VALUE]),
    }


def _reasons(value: np.ndarray, flagged: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Words for thresholds without a value, or without bounds."""
    bare = np.where(flagged > 0, TOO_FEW, NOBODY).astype(object)
    bare = np.where(np.isfinite(value), bare, NOT_FOLLOWED)
    bare[np.isfinite(error)] = None
    return np.asarray(bare)


def _over_reference(
    both: pd.DataFrame, thresholds: np.ndarray, confidence: float, widened: Calibration
) -> dict[str, object]:
    found = gain_over_reference(both, thresholds).estimates(confidence, widened)
    n = both["subject_id"].nunique()
    return {**_columns("over_reference", found, 0), "n_reference": n}


def _columns(name: str, found: Estimates, place: int) -> dict[str, np.ndarray]:
    """A value with its bounds."""
    return {
        name: found.value[place],
        f"{name}_lower": found.lower[place],
        f"{name}_upper": found.upper[place],
    }
