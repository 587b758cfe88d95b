"""Association of outcome and group, with its error, its size and what it predicts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...folds import cohort as cohorts
from ...statistics.group_tests import GroupTest, survival_test, table_test
from ...statistics.log_rank import log_rank
from ...statistics.multiple_tests import holm
from ...statistics.outcome_kinds import BINARY, SURVIVAL, OutcomeKind
from ..confounding_settings import DesignLimits
from .group_alone import group_alone

#: Permutations of a table of counts, and of a log-rank statistic.
N_TABLES, N_LABELS = 9999, 999
#: Verdicts of `confounding_tests`, the gravest first.
SEPARATED, ASSOCIATED, WEAK = "separated", "associated", "weakly associated"
NOT_SHOWN, UNDEFINED = "not shown", "undefined"


def confounding(cohort: pd.DataFrame, endpoints: Sequence[str]) -> pd.DataFrame:
    """Events per endpoint and group beside those expected, a table of that kind.

    Subjects without the outcome are not counted.
    """
    names = sorted(set(cohort["group"]))
    rows = []
    for endpoint in endpoints:
        known = _known(cohort, endpoint)
        expected = _expected(known, names)
        for name in names:
            mine = known[known["group"] == name]
            rows.append(
                {
                    "endpoint": endpoint,
                    "group": name,
                    "n": len(mine),
                    "n_events": int(mine["event"].sum()),
                    "n_expected": expected[name],
                    "event_rate": mine["event"].mean(),
                    "median_event_free_days": _median_days(mine, mine["event"]),
                    "median_follow_up_days": _median_days(mine, 1 - mine["event"]),
                }
            )
    return pd.DataFrame(rows)


def confounding_tests(
    cohort: pd.DataFrame,
    folds: pd.DataFrame,
    endpoints: Sequence[str],
    settings: DesignLimits,
    seed: int,
) -> pd.DataFrame:
    """Test, size and prediction of each outcome by the group, a table of that kind.

    A binary outcome is tested by chi-squared, a survival outcome by the log-rank
    statistic, both over permuted groups. Subjects of one cluster count once. P values
    are adjusted over the endpoints [1]_.

    Parameters
    ----------
    cohort, folds : DataFrame
        All subjects of the study and its folds; see `group_alone`.
    endpoints : sequence of str
        Names of the outcomes.
    settings : DesignLimits
        From which size, and at which level, an association is one.
    seed : int
        Seed of the permutations.
    """
    rows = [_tested(cohort, folds, name, seed) for name in endpoints]
    adjusted = holm([row["p_value"] for row in rows])
    for row, p_value in zip(rows, adjusted, strict=True):
        row["p_adjusted"] = p_value
        row["verdict"] = _verdict(row, settings)
    return pd.DataFrame(rows)


def _tested(
    cohort: pd.DataFrame, folds: pd.DataFrame, endpoint: str, seed: int
) -> dict[str, Any]:
    known = _known(cohort, endpoint)
    kind = _kind(known)
    rows = _one_per_cluster(known)
    found = _test(rows, kind, seed)
    alone, n_folds = group_alone(known, folds, kind)
    return {
        "endpoint": endpoint,
        "kind": kind.name,
        "n": len(rows),
        "n_events": int(rows["event"].sum()),
        "n_groups": rows["group"].nunique(),
        "statistic": found.statistic,
        "p_value": found.p_value,
        "strength": found.strength,
        "chance": found.chance,
        "n_pairs": _n_pairs(known),
        "n_pairs_within": sum(_n_pairs(part) for _, part in known.groupby("group")),
        "metric": kind.metric,
        "group_alone": alone,
        "n_folds": n_folds,
    }


def _test(rows: pd.DataFrame, kind: OutcomeKind, seed: int) -> GroupTest:
    event = rows["event"].to_numpy(dtype=int)
    group = rows["group"].to_numpy(dtype=str)
    if kind is BINARY:
        return table_test(group, event, N_TABLES, seed)
    time = rows["time_days"].to_numpy(dtype=float)
    return survival_test(event, time, group, N_LABELS, seed)


def _verdict(row: dict[str, Any], settings: DesignLimits) -> str:
    if row["n_groups"] > 1 and row["n_pairs"] and not row["n_pairs_within"]:
        return SEPARATED
    if np.isnan(row["p_adjusted"]):
        return UNDEFINED
    if row["p_adjusted"] > settings.level:
        return NOT_SHOWN
    binary = row["kind"] == BINARY.name
    least = settings.least_association if binary else settings.least_hazard_sd
    return ASSOCIATED if row["strength"] >= least else WEAK


def _known(cohort: pd.DataFrame, endpoint: str) -> pd.DataFrame:
    """Subjects whose outcome is known: id, cluster, group, event and time in days."""
    found: pd.DataFrame = cohorts.outcome(cohort, endpoint).reset_index()
    found["group"] = cohort["group"].to_numpy(dtype=object)
    own = cohort.get("cluster", cohort["subject_id"])
    found["cluster"] = own.to_numpy(dtype=object)
    return found.dropna(subset="event").reset_index(drop=True)


def _kind(known: pd.DataFrame) -> OutcomeKind:
    return SURVIVAL if known["time_days"].notna().any() else BINARY


def _one_per_cluster(known: pd.DataFrame) -> pd.DataFrame:
    """The first event of each cluster, or the longest follow-up of one without."""
    later = known["time_days"].where(known["event"] == 1, -known["time_days"])
    ordered = known.assign(later=later).sort_values(
        ["event", "later"], ascending=[False, True], kind="stable"
    )
    first = ordered.drop_duplicates("cluster").index
    return known[known.index.isin(first)]


def _expected(known: pd.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """Events of each group if groups did not differ; 0 of a group without subjects."""
    if _kind(known) is BINARY:
        sizes = known["group"].value_counts()
        return {name: sizes.get(name, 0) * known["event"].mean() for name in names}
    index = np.array([names.index(group) for group in known["group"]], dtype=int)
    event, time = known["event"].to_numpy(), known["time_days"].to_numpy()
    found = log_rank(event, time, index).expected
    return dict(zip(names, [*found, *np.zeros(len(names) - len(found))], strict=True))


def _n_pairs(rows: pd.DataFrame) -> int:
    """Pairs of subjects whose outcomes can be compared, see `concordance`."""
    event, time = rows["event"].to_numpy() == 1, rows["time_days"].to_numpy()
    if _kind(rows) is BINARY:
        return int(event.sum()) * int((~event).sum())
    ordered, censored = np.sort(time), np.sort(time[~event])
    later = len(time) - np.searchsorted(ordered, time[event], side="right")
    tied = np.searchsorted(censored, time[event], side="right")
    tied -= np.searchsorted(censored, time[event], side="left")
    return int((later + tied).sum())


def _median_days(rows: pd.DataFrame, ends: pd.Series) -> float:
    """Kaplan-Meier median of the time to an end, in days; NaN if not reached."""
    days = rows["time_days"].to_numpy(dtype=float)
    times = np.unique(days[(ends == 1).to_numpy() & np.isfinite(days)])
    left = 1.0
    for time in times:
        n_ends = int(((days == time) & (ends == 1).to_numpy()).sum())
        left *= 1 - n_ends / int((days >= time).sum())
        if left <= 0.5:
            return float(time)
    return float("nan")
