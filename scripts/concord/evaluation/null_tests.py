"""Permutation test of every arm: its value among those of permuted outcomes."""

from typing import Any

import numpy as np
import pandas as pd

from ..folds.scheme import require_evaluated
from .null_band import LEAST, band, p_value

_KEYS = ["endpoint", "arm", "scheme", "metric"]
_COLUMNS = ["estimate", "first_repeat", "n_permutations", "null_median", "null_lowest"]
_COLUMNS += ["null_highest", "null_lower", "null_upper", "place", "p_value", "reason"]


def null_tests(performance: pd.DataFrame, null: pd.DataFrame) -> pd.DataFrame:
    """One-sided permutation test of each arm and scheme, as kind "null_tests".

    Permuted values are those of the first repeat, and so is the value that is compared
    with them: a mean over repeats scatters less, and its p-value would be another's.

    Parameters
    ----------
    performance, null : DataFrame
        Table kinds "performance" and "null" of one endpoint.
    """
    require_evaluated(performance, "performance")
    rows = []
    overall = performance[performance["stratum"] == "all"]
    for (endpoint, arm, scheme, metric), mine in overall.groupby(_KEYS, sort=True):
        same = (null["arm"] == arm) & (null["scheme"] == scheme)
        permuted = null.loc[same, "estimate"].dropna().to_numpy(dtype=float)
        head = dict(zip(_KEYS, (endpoint, arm, scheme, metric), strict=True))
        head["estimate"] = float(mine["estimate"].iloc[0])
        rows.append(head | _test(float(mine["first_repeat"].iloc[0]), permuted))
    return pd.DataFrame(rows, columns=[*_KEYS, *_COLUMNS])


def _test(value: float, permuted: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = {"first_repeat": value, "n_permutations": len(permuted)}
    if not len(permuted):
        return found | {"reason": "no permutation was evaluated"}
    lower, upper = bounds = band(permuted)
    found |= {
        "null_median": float(np.median(permuted)),
        "null_lowest": float(permuted.min()),
        "null_highest": float(permuted.max()),
        "null_lower": lower,
        "null_upper": upper,
        "place": bounds.place(value),
    }
    if not np.isfinite(value):
        return found | {"reason": "the value is undefined"}
    few = f"{len(permuted)} permutations have no 95 % band, which takes {LEAST}"
    reason = None if np.isfinite(lower) else few
    return found | {"p_value": p_value(value, permuted), "reason": reason}
