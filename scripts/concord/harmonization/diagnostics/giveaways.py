"""Features and covariates that alone nearly are an outcome."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ...folds import cohort as cohorts
from ...statistics.discrimination import AUC, C_INDEX, Concordance, concordance

#: Pairs that a first look takes, columns that it takes at once, and its tolerance.
_N_PAIRS, _N_COLUMNS, _TOLERANCE = 20_000, 100, 0.03
#: Smaller class up to which the chance of an AUC is computed exactly.
_EXACT_UP_TO = 20
_N_PERMUTATIONS = 200


def giveaways(
    cohort: pd.DataFrame,
    features: pd.DataFrame,
    endpoints: Sequence[str],
    limit: float,
    seed: int,
) -> pd.DataFrame:
    """Columns whose values alone tell an outcome, a table of kind "giveaways".

    A column is judged by its AUC for the event and, of a survival outcome, also by its
    C-index; the sign plays no part. `chance` is how many as good there would be among
    as many columns that have nothing to do with the outcome.

    Parameters
    ----------
    cohort : DataFrame
        Outcomes and covariates of the subjects.
    features : DataFrame
        One row per subject, indexed by it; see `subject_table.feature_matrix`.
    endpoints : sequence of str
        Names of the outcomes.
    limit : float
        AUC or C-index from which a column is listed.
    seed : int
        Seed of the pairs of the first look.
    """
    own = cohort.set_index("subject_id")
    covariates = own[[c for c in own.columns if c.startswith("covariate.")]]
    table = covariates.astype(float).join(features.astype(float))
    rows = []
    for endpoint in endpoints:
        outcome = cohorts.outcome(cohort, endpoint)
        outcome = outcome[np.isfinite(outcome["event"])]
        values = table.reindex(outcome.index)
        for metric in _metrics(outcome):
            for row in _found(values, outcome, metric, limit, seed):
                rows.append({"endpoint": endpoint, "metric": metric} | row)
    return pd.DataFrame(rows)


def _metrics(outcome: pd.DataFrame) -> list[str]:
    return [AUC, C_INDEX] if outcome["time_days"].notna().any() else [AUC]


def _found(
    table: pd.DataFrame, outcome: pd.DataFrame, metric: str, limit: float, seed: int
) -> Iterator[dict[str, Any]]:
    event = outcome["event"].to_numpy(dtype=int)
    time = outcome["time_days"].to_numpy(dtype=float) if metric == C_INDEX else None
    first, second = _pairs(event, time, seed)
    if not len(first):
        return
    for name in _candidates(table, first, second, limit - _TOLERANCE):
        values = table[name].to_numpy(dtype=float)
        known = np.isfinite(values)
        days = None if time is None else time[known]
        own_event, own = event[known], values[known]
        found = concordance(own_event, own, days)
        if max(found.value, 1 - found.value) >= limit:
            p_value = _p_value(own_event, own, days, found, seed)
            yield {
                "name": name,
                "n": int(known.sum()),
                "n_events": int(own_event.sum()),
                "n_judged": table.shape[1],
                "value": found.value,
                "equal": _is_equal(own, own_event if days is None else days),
                "chance": table.shape[1] * p_value,
            }


def _pairs(
    event: np.ndarray, time: np.ndarray | None, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the pairs of the first look: the event, and who is compared with it."""
    generator = np.random.default_rng(seed)
    events, everyone = np.flatnonzero(event == 1), np.arange(len(event))
    if not len(events):
        return events, events
    if len(events) * len(event) <= _N_PAIRS:
        first, second = (
            a.ravel() for a in np.meshgrid(events, everyone, indexing="ij")
        )
    else:
        first = generator.choice(events, _N_PAIRS)
        second = generator.choice(everyone, _N_PAIRS)
    is_event = event[second] == 1
    if time is None:
        kept = ~is_event
    else:
        kept = time[first] < time[second]
        kept |= (time[first] == time[second]) & ~is_event
    return first[kept], second[kept]


def _candidates(
    table: pd.DataFrame, first: np.ndarray, second: np.ndarray, limit: float
) -> Iterator[str]:
    for start in range(0, table.shape[1], _N_COLUMNS):
        part = table.iloc[:, start : start + _N_COLUMNS]
        values = part.to_numpy(dtype=float)
        difference = values[first] - values[second]
        wins = (difference > 0).sum(axis=0) + 0.5 * (difference == 0).sum(axis=0)
        compared = (~np.isnan(difference)).sum(axis=0)
        share = wins / np.maximum(compared, 1)
        chosen = (np.maximum(share, 1 - share) >= limit) & (compared > 0)
        yield from part.columns[chosen]


def _is_equal(values: np.ndarray, outcome: np.ndarray) -> bool:
    """True if a column holds the outcome: its values, or two that stand for them."""
    if np.allclose(values, outcome, rtol=1e-6):
        return True
    levels = pd.DataFrame({"value": values, "outcome": outcome}).drop_duplicates()
    return len(levels) == 2 == levels["value"].nunique()


def _p_value(
    event: np.ndarray,
    values: np.ndarray,
    time: np.ndarray | None,
    found: Concordance,
    seed: int,
) -> float:
    """Chance that an unrelated column is as good, in either direction."""
    if time is None:
        smaller = min(int(event.sum()), int((1 - event).sum()))
        method = "exact" if smaller <= _EXACT_UP_TO else "asymptotic"
        test = stats.mannwhitneyu(values[event == 1], values[event == 0], method=method)
        return float(test.pvalue)
    generator = np.random.default_rng(seed)
    shuffled = [
        concordance(event, generator.permutation(values), time).value
        for _ in range(_N_PERMUTATIONS)
    ]
    far = abs(found.value - 0.5) / max(float(np.std(shuffled)), 1e-9)
    at_risk = [(time >= days).sum() for days in time[event == 1]]
    perfect = 2 * np.exp(-np.log(at_risk).sum())  # every event the highest at its time
    return float(min(max(2 * stats.norm.sf(far), perfect), 1.0))
