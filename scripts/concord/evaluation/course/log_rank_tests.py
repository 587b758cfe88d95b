"""Log-rank tests of risk groups, with p-values where others made the groups."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...folds.scheme import CV
from ...statistics.log_rank import log_rank, log_rank_trend
from ...statistics.risk_groups import ordered
from .sets import LEARNT_GROUPS, EvaluationSet

#: Events expected in the smallest group from which chi-squared gives a p-value.
LEAST_EXPECTED = 5
#: Columns of the predictions that groups are compared within.
STRATA = ("group", "stratum")
_CLUSTERED = "no p-value: several rows belong to one cluster"
_COLUMNS = ["endpoint", "arm", "scheme", "fold", "within", "n", "n_events", "n_groups"]
_COLUMNS += ["least_expected", "chi_squared", "df", "p_value"]
_COLUMNS += ["trend_z", "trend_p_value", "reason"]


def log_rank_tests(sets: Sequence[EvaluationSet]) -> pd.DataFrame:
    """Table of kind "log_rank_tests": every arm and set, plain and within strata.

    A p-value takes the groups as given. Where several folds come together the groups
    were learnt from outcomes of the same subjects, and of noise 12 % of such p-values
    lie below 0.05: there the statistic stands alone.

    Parameters
    ----------
    sets : sequence of EvaluationSet
        Of one endpoint with times.
    """
    rows = [row for one in sets for row in _tests(one.known("risk_group"))]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _tests(one: EvaluationSet) -> Iterator[dict[str, Any]]:
    yield one.keys | {"within": None} | _test(one, None)
    for name in STRATA:
        labels = one.rows.get(name)
        if labels is not None and labels.nunique() > 1:
            yield one.keys | {"within": name} | _test(one, labels.to_numpy(str))


def _test(one: EvaluationSet, stratum: np.ndarray | None) -> dict[str, Any]:
    """Statistics of one comparison, and p-values or why there are none."""
    rows = one.rows
    event, time = rows["event"].to_numpy(int), rows["time_days"].to_numpy(float)
    places = {name: n for n, name in enumerate(ordered(rows["risk_group"]))}
    group = rows["risk_group"].map(places).to_numpy(int)
    found = log_rank(event, time, group, stratum)
    least = float(found.expected.min()) if len(rows) else np.nan
    reason = _reason(one, found.df, least)
    z = log_rank_trend(event, time, group, stratum)
    return {
        "n": len(rows),
        "n_events": int(event.sum()),
        "n_groups": len(places),
        "least_expected": least,
        "chi_squared": found.chi_squared,
        "df": found.df,
        "p_value": np.nan if reason else _upper_tail(found.chi_squared, found.df),
        "trend_z": z,
        "trend_p_value": np.nan if reason else _upper_tail(z**2, 1),
        "reason": reason,
    }


def _reason(one: EvaluationSet, df: int, least: float) -> str | None:
    if one.learnt:
        stands = "; that of permuted outcomes stands (risk_groups)"
        return LEARNT_GROUPS + (stands if one.scheme == CV.name else "")
    if not df:
        return "no two groups are at risk when an event happens"
    if one.clustered:
        return _CLUSTERED
    if least < LEAST_EXPECTED:
        return (
            f"no p-value: {least:.1f} events expected in the smallest group; "
            f"chi-squared takes {LEAST_EXPECTED}"
        )
    return None


def _upper_tail(chi_squared: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, chi_squared))
