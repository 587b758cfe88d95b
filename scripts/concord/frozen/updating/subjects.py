"""Subjects at a hospital whose scores and outcomes update a model."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from ...folds.dealing import cluster_numbers
from ...models.fitted_model import Baseline
from ...statistics import targets
from ...statistics.outcome_kinds import OutcomeKind


@dataclass(frozen=True)
class Subjects:
    """Rows of table kind "predictions" with a score and a known outcome.

    `n_left_out` counts rows of which one of them is not known, or whose stratum the
    model has no hazard of.
    """

    rows: pd.DataFrame
    kind: OutcomeKind
    n_left_out: int = 0

    @classmethod
    def of(
        cls, predictions: pd.DataFrame, kind: OutcomeKind, baseline: Baseline | None
    ) -> Self:
        """Subjects whom a model with this baseline can learn from.

        Parameters
        ----------
        predictions : DataFrame
            Kind "predictions", of one arm; one row per subject.
        kind : OutcomeKind
        baseline : Baseline or None
            Of the model.
        """
        known = predictions["score"].notna() & predictions["event"].notna()
        if kind.has_times:
            known &= predictions["time_days"].notna()
            if baseline is not None and baseline.strata:
                known &= predictions[targets.STRATUM].isin(list(baseline.strata))
        rows = predictions[known].sort_values("subject_id", ignore_index=True)
        return cls(rows, kind, int((~known).sum()))

    def taken(self, places: np.ndarray) -> "Subjects":
        """Some of the subjects, perhaps several times."""
        return replace(self, rows=self.rows.iloc[places].reset_index(drop=True))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def score(self) -> np.ndarray:
        """Scores by the model as it is, shape (n,)."""
        return self.rows["score"].to_numpy(dtype=float)

    @property
    def event(self) -> np.ndarray:
        """1 for the event of interest, else 0; shape (n,)."""
        return (self.rows["event"] == 1).to_numpy(dtype=float)

    @property
    def time(self) -> np.ndarray:
        """Days to event or censoring, shape (n,)."""
        return self.rows["time_days"].to_numpy(dtype=float)

    @property
    def weight(self) -> np.ndarray:
        """Weight for those who are censored before the horizon, or 1; shape (n,)."""
        if targets.WEIGHT not in self.rows:
            return np.ones(len(self.rows))
        return self.rows[targets.WEIGHT].to_numpy(dtype=float)

    @property
    def has_risk(self) -> bool:
        """False of a binary score without intercept: it stands for no probability."""
        return self.kind.has_times or bool(self.rows["probability"].notna().any())

    @property
    def stratum(self) -> np.ndarray | None:
        """Stratum of each subject, shape (n,); None without strata."""
        if targets.STRATUM not in self.rows:
            return None
        return self.rows[targets.STRATUM].to_numpy(dtype=str)

    @property
    def had_other(self) -> np.ndarray:
        """True for an event of another cause, shape (n,)."""
        if "cause" not in self.rows:
            return np.zeros(len(self.rows), dtype=bool)
        cause = self.rows["cause"].fillna(0).to_numpy(dtype=float)
        return np.asarray((self.event != 1) & (cause > 0))

    @property
    def unit(self) -> np.ndarray:
        """Number of the cluster of each subject, from 0; shape (n,)."""
        return cluster_numbers(self.rows["cluster"].astype(str))

    @property
    def is_clustered(self) -> bool:
        """True if a cluster has several subjects."""
        return bool(self.rows["cluster"].duplicated().any())

    @property
    def is_weighted(self) -> bool:
        """True if subjects do not count alike."""
        return bool((self.weight != 1).any())

    @property
    def n_events(self) -> int:
        """Events of interest."""
        return int(self.event.sum())

    @property
    def n_informing(self) -> int:
        """Events that an update can learn from; of a binary outcome, the rarer."""
        return int(self.kind.effective_events(self.n_events, len(self)))

    def drawn(self, generator: np.random.Generator) -> "Subjects":
        """Bootstrap sample of whole clusters."""
        unit = self.unit
        n_units = int(unit.max()) + 1
        order = np.argsort(unit, kind="stable")
        starts = np.searchsorted(unit[order], np.arange(n_units + 1))
        picked = generator.integers(n_units, size=n_units)
        parts = [order[starts[one] : starts[one + 1]] for one in picked]
        return self.taken(np.concatenate(parts))
