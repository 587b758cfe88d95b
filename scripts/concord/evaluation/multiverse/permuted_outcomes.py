"""Outcomes of all subjects, permuted alike for every analysis."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from ...folds.splitting import SubjectRows
from ...models.null.permutation import exchangeable_blocks, permuted_order
from ...statistics.outcome_kinds import OutcomeKind


@dataclass(frozen=True)
class PermutedOutcomes:
    """Outcomes under each permutation, the same for analyses with other subjects.

    Subjects whose outcome is unknown take no part. `within` are permuted within
    groups (and strata), `freely` over all groups.
    """

    subjects: pd.Index
    events: pd.Series  # as observed
    clusters: np.ndarray  # number of the cluster of each subject
    within: np.ndarray  # (permutations, subjects)
    freely: np.ndarray
    orders: np.ndarray  # of within

    @classmethod
    def of(
        cls, rows: SubjectRows, endpoint: str, kind: OutcomeKind, n: int, seed: int
    ) -> Self:
        """Permutations of a study, numbered and drawn as for the null of arms.

        Parameters
        ----------
        rows : SubjectRows
            The whole study.
        endpoint : str
            Endpoint that is permuted, of the kind `kind`.
        n, seed : int
            Number of permutations, and start of them.
        """
        table = rows.outcomes(endpoint)
        table = table[table["event"].notna()]
        clusters = pd.factorize(table["cluster"])[0]
        alike = [""] * len(table)
        if "stratum" in table:
            alike = table["stratum"].astype(str).tolist()
        groups = list(zip(table["group"].tolist(), alike, strict=True))
        target = kind.target(table)
        within, freely = (
            _orders(exchangeable_blocks(labels, clusters.tolist()), n, seed)
            for labels in (groups, alike)
        )
        event = table["event"].astype(float)
        drawn = target[within], target[freely]
        return cls(table.index, event, clusters, *drawn, within)

    def permuted_events(self, number: int) -> pd.Series:
        """Events under one permutation, numbered from 0, by subject."""
        order = self.orders[number]
        return pd.Series(self.events.to_numpy()[order], self.subjects)

    def places(self, subjects: pd.Index) -> np.ndarray:
        """Numbers of some of the subjects."""
        return np.asarray(self.subjects.get_indexer(subjects))


def _orders(blocks: list[np.ndarray], n: int, seed: int) -> np.ndarray:
    """Row whose outcome each row takes under each permutation, shape (n, rows)."""
    return np.array(
        [
            permuted_order(blocks, np.random.default_rng([seed, number]))
            for number in range(1, n + 1)
        ]
    )
