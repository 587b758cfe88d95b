"""Measures of discrimination of the rows of one fold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
import pandas as pd

from ...statistics import targets
from ...statistics.classification.partial_area import PartialArea, partial_area
from ...statistics.discrimination import AUC, PairCounts, pair_counts
from ...statistics.survival.censoring import Censoring
from ...statistics.survival.concordance import (
    HorizonPairs,
    harrell_pairs,
    horizon_pairs,
    uno_pairs,
)
from .outcomes import STATUS, censoring_of

PARTIAL_AUC, HARRELL, UNO, AUC_AT = "partial_auc", "harrell_c", "uno_c", "auc_at"
ALL, WITHIN = "all", "within"


class Measure(NamedTuple):
    """Name of a measure and what its value depends on."""

    name: str
    stratum: str
    horizon_days: float = np.nan
    until_days: float = np.nan
    least_specificity: float = np.nan


@dataclass(frozen=True)
class Measured:
    """Values (m,) of m measures of n rows, and what moves them.

    `influence` gives that of each row, (m, n), for the mean of all folds (m,);
    `by_weights` is that of each subject of the population, (m, N), on the weights.
    """

    values: np.ndarray
    pairs: np.ndarray
    influence: Callable[[np.ndarray], np.ndarray]
    by_weights: np.ndarray

    @classmethod
    def of_pairs(cls, counts: PairCounts, n_subjects: int) -> Self:
        """Share of concordant pairs (n,), by weights that are given."""
        one = PairCounts(counts.wins[None], counts.pairs[None])
        return cls(one.value, one.pairs, one.influence, np.zeros((1, n_subjects)))

    @classmethod
    def of_area(cls, area: PartialArea, n_subjects: int) -> Self:
        """Partial area under a ROC curve."""
        return cls(
            np.array([area.value]),
            area.pairs[None],
            lambda centre: area.influence(float(centre[0]))[None],
            np.zeros((1, n_subjects)),
        )

    @classmethod
    def of_horizons(cls, counts: HorizonPairs, censoring: Censoring) -> Self:
        """AUC at several days, whose weights are estimated."""
        by_weights = counts.of_censoring(censoring)
        return cls(counts.value, counts.pairs, counts.influence, by_weights)

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """All measures of some parts, in their order."""
        ends = np.cumsum([len(part.values) for part in parts])[:-1]

        def influence(centre: np.ndarray) -> np.ndarray:
            pieces = zip(parts, np.split(centre, ends), strict=True)
            return np.concatenate([part.influence(own) for part, own in pieces])

        return cls(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.pairs for part in parts]),
            influence,
            np.concatenate([part.by_weights for part in parts]),
        )


@dataclass(frozen=True)
class BinaryMeasures:
    """AUC, within groups too, and the partial AUC of a binary outcome."""

    least_specificity: float
    within: bool

    @property
    def names(self) -> list[Measure]:
        """Measures in the order of the values."""
        partial = Measure(PARTIAL_AUC, ALL, least_specificity=self.least_specificity)
        inner = [Measure(AUC, WITHIN)] if self.within else []
        return [Measure(AUC, ALL), partial, *inner]

    def __call__(self, rows: pd.DataFrame, population: pd.DataFrame) -> Measured:
        """Measures of the rows of one fold."""
        event, score = _events(rows), rows["score"].to_numpy(dtype=float)
        weight = _weights(rows)
        area = partial_area(event, score, self.least_specificity, weight)
        whole = pair_counts(event, score, weight=weight)
        n = len(population)
        parts = [Measured.of_pairs(whole, n), Measured.of_area(area, n)]
        if self.within:
            groups = _codes(rows, ["group"])
            inner = pair_counts(event, score, group=groups, weight=weight)
            parts.append(Measured.of_pairs(inner, n))
        return Measured.together(parts)


@dataclass(frozen=True)
class SurvivalMeasures:
    """C-indices up to a day, within groups too, and the AUC at some days."""

    until: float
    horizons: np.ndarray
    within: bool
    concordance: bool = field(default=True)  # False: the AUC at the days alone

    @property
    def names(self) -> list[Measure]:
        """Measures in the order of the values."""
        strata = ([ALL, WITHIN] if self.within else [ALL]) if self.concordance else []
        indices = [
            Measure(name, stratum, until_days=self.until)
            for stratum in strata
            for name in (HARRELL, UNO)
        ]
        return [*indices, *(Measure(AUC_AT, ALL, float(d)) for d in self.horizons)]

    def __call__(self, rows: pd.DataFrame, population: pd.DataFrame) -> Measured:
        """Measures of the rows of one fold; weights are those of the population."""
        censoring = censoring_of(population)
        days, score = (rows[n].to_numpy(dtype=float) for n in ("time_days", "score"))
        parts = self._indices(rows, days, score, censoring) if self.concordance else []
        if len(self.horizons):
            counts = horizon_pairs(
                rows[STATUS].to_numpy(),
                days,
                score,
                self.horizons,
                censoring,
                _codes(rows, [targets.STRATUM]),
            )
            parts.append(Measured.of_horizons(counts, censoring))
        return Measured.together(parts)

    def _indices(
        self,
        rows: pd.DataFrame,
        days: np.ndarray,
        score: np.ndarray,
        censoring: Censoring,
    ) -> list[Measured]:
        event, followed = _events(rows), censoring.before(days)
        found = []
        for apart in [[], ["group"]] if self.within else [[]]:
            codes = _codes(rows, [*apart, targets.STRATUM])
            ordered = harrell_pairs(event, days, score, self.until, codes)
            weighted = uno_pairs(event, days, score, self.until, followed, codes)
            found += [ordered, weighted]
        return [Measured.of_pairs(one, len(censoring.days)) for one in found]


def _events(rows: pd.DataFrame) -> np.ndarray:
    return rows["event"].to_numpy(dtype=int)


def _weights(rows: pd.DataFrame) -> np.ndarray | None:
    known = targets.WEIGHT in rows and rows[targets.WEIGHT].notna().all()
    return rows[targets.WEIGHT].to_numpy(dtype=float) if known else None


def _codes(rows: pd.DataFrame, columns: Sequence[str]) -> np.ndarray | None:
    """Number of the stratum of each row by those columns that there are."""
    known = [name for name in columns if name in rows]
    if not known:
        return None
    return rows.groupby(known, dropna=False).ngroup().to_numpy()
