"""Null distribution of given scores: outcomes permuted within groups, scores fixed.

No model is fitted again, so that this tests the scores and not how they were made: a
pipeline that saw its evaluation subjects passes it.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...folds.scheme import leading_scheme
from ...models.null.permutation import exchangeable_blocks, permuted_order
from ...statistics.fold_mean import fold_values, mean_of_defined
from ...statistics.log_rank import signed_log_rank
from ...statistics.outcome_kinds import OutcomeKind
from ..fold_values import scored_rows

_KEYS = ["endpoint", "arm", "scheme"]


def permuted_outcomes(
    predictions: pd.DataFrame, kind: OutcomeKind, n_permutations: int, seed: int
) -> pd.DataFrame:
    """Values of fixed scores under permuted outcomes, as a table of kind "null".

    Event and time move together, by whole clusters, among scored subjects of one group
    (and stratum) whose outcome is known. Of each scheme, the first repeat is used; arms
    with the same subjects have the same permutations.

    Parameters
    ----------
    predictions : DataFrame
        Of kind "predictions", of one endpoint.
    kind : OutcomeKind
        Of the endpoint.
    n_permutations, seed : int
        Permutations, and the start of their random numbers.
    """
    first = scored_rows(predictions)
    first = first[first["repeat"] == 1]
    leading = leading_scheme(first["scheme"])
    parts = []
    for (endpoint, arm, scheme), rows in first.groupby(_KEYS, sort=True):
        ordered = rows.sort_values("subject_id", ignore_index=True)
        values, z = _values(ordered, kind, n_permutations, seed)
        table = pd.DataFrame({"permutation": range(1, n_permutations + 1)})
        head = {"endpoint": str(endpoint), "arm": str(arm), "scheme": str(scheme)}
        table = table.assign(metric=kind.metric, estimate=values, **head)
        parts.append(table.assign(log_rank_z=z if scheme == leading else np.nan))
    found = pd.concat(parts, ignore_index=True)
    unknown = ("standard_error", "free_estimate", "free_standard_error")
    return found.assign(**dict.fromkeys(unknown, np.nan))


def _values(
    rows: pd.DataFrame, kind: OutcomeKind, n_permutations: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean metric over folds and log-rank Z per permutation, shape (n,) each."""
    orders = _orders(rows, n_permutations, seed)
    y = kind.target(rows)[orders]
    score, counts = rows["score"].to_numpy(dtype=float), []
    for members in _folds(rows):
        counts.append(kind.pairs_of_targets(y[:, members], score[members]))
    z = np.full(n_permutations, np.nan)
    groups = rows["risk_group"]
    if kind.has_times and groups.isin(["low", "high"]).any():
        event, time = y["event"].astype(int), y["time_days"]
        known = groups.notna().to_numpy(dtype=bool)
        high = (groups == "high").fillna(False).to_numpy(dtype=bool)
        z = signed_log_rank(event, time, high, known)
    return mean_of_defined(fold_values(counts)), z


def _folds(rows: pd.DataFrame) -> Iterator[np.ndarray]:
    """Places of the rows of each fold."""
    for places in rows.groupby("fold", sort=True).indices.values():
        yield np.asarray(places)


def _orders(rows: pd.DataFrame, n_permutations: int, seed: int) -> np.ndarray:
    """Row whose outcome each row takes, shape (permutations, rows)."""
    apart = [name for name in ("group", "stratum") if name in rows]
    like = list(map(tuple, rows[apart].astype(str).to_numpy()))
    blocks = exchangeable_blocks(like, rows["cluster"].tolist())
    return np.array(
        [
            permuted_order(blocks, np.random.default_rng([seed, number]))
            for number in range(1, n_permutations + 1)
        ]
    )
