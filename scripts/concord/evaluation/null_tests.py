"""Permutation test of every arm: its value among those of permuted outcomes."""

from typing import Any

import numpy as np
import pandas as pd

from ..folds.scheme import require_evaluated

#: Percentiles of the central 95 % of the null distribution.
BAND = (2.5, 97.5)
_KEYS = ["endpoint", "arm", "scheme", "metric"]
_COLUMNS = ["estimate", "n_permutations", "null_median", "null_lower", "null_upper"]


def null_tests(performance: pd.DataFrame, null: pd.DataFrame) -> pd.DataFrame:
    """One-sided permutation test of each arm and scheme, as kind "null_tests".

    The p-value is ``(1 + number of permuted values at least as large) /
    (1 + permutations)`` [1]_, so that it is never zero. The observed value is that of
    all repeats, the permuted ones of the first repeat.

    Parameters
    ----------
    performance, null : DataFrame
        Table kinds "performance" and "null" of one endpoint.

    References
    ----------
    .. [1] Phipson, B. and Smyth, G. K. (2010). "Permutation p-values should never be
           zero". Stat Appl Genet Mol Biol, 9, 39.
           https://doi.org/10.2202/1544-6115.1585
    """
    require_evaluated(performance, "performance")
    rows = []
    overall = performance[performance["stratum"] == "all"]
    for (endpoint, arm, scheme, metric), mine in overall.groupby(_KEYS, sort=True):
        same = (null["arm"] == arm) & (null["scheme"] == scheme)
        permuted = null.loc[same, "estimate"].dropna().to_numpy(dtype=float)
        head = dict(zip(_KEYS, (endpoint, arm, scheme, metric), strict=True))
        rows.append(head | _test(float(mine["estimate"].iloc[0]), permuted))
    return pd.DataFrame(rows, columns=[*_KEYS, *_COLUMNS, "p_value", "reason"])


def p_value(estimate: float, permuted: np.ndarray) -> float:
    """Share of permuted values at least as large as the estimate, itself counted."""
    return (1 + int(np.sum(permuted >= estimate))) / (1 + len(permuted))


def _test(estimate: float, permuted: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = {"estimate": estimate, "n_permutations": len(permuted)}
    if not len(permuted):
        return found | {"reason": "no permutation was evaluated"}
    lower, upper = np.percentile(permuted, BAND)
    found |= {
        "null_median": float(np.median(permuted)),
        "null_lower": float(lower),
        "null_upper": float(upper),
    }
    if not np.isfinite(estimate):
        return found | {"reason": "the value is undefined"}
    return found | {"p_value": p_value(estimate, permuted), "reason": None}
