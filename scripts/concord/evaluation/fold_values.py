"""One number per evaluation fold, and how far each cluster of subjects moves it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..folds.scheme import kind_of
from ..statistics.discrimination import PairCounts, is_whole
from ..statistics.fold_mean import (
    cluster_correction,
    fold_influences,
    fold_values,
    mean_of_defined,
)

_KEYS = ["repeat", "fold"]
#: Fold of values that are pooled over the folds of a repeat.
POOLED = ""
Key = tuple[int, str]
Counts = Callable[[pd.DataFrame], PairCounts]


@dataclass(frozen=True)
class FoldValues:
    """One number per fold of an arm and scheme; NaN where it is undefined.

    `influences` has a row per fold and a column per cluster of subjects; `has_event`
    says which clusters have an event. `lone` is true if one cluster has a part in every
    pair of a repeat, so that its influence cannot be told.
    """

    keys: tuple[Key, ...]
    values: np.ndarray
    influences: np.ndarray
    has_event: np.ndarray
    lone: bool

    @classmethod
    def of(
        cls, scored: pd.DataFrame, planned: list[Key], counts: Counts
    ) -> "FoldValues":
        """Values of each fold that was planned, also of those that failed.

        Parameters
        ----------
        scored : DataFrame
            Predictions of one arm and scheme with score and outcome.
        planned : list of (repeat, fold)
            From `planned_folds`.
        counts : callable
            Pairs of some rows.
        """
        parts = dict(iter(scored.groupby(_KEYS)))
        rows = {key: parts.get(key, scored.iloc[:0]) for key in planned}
        return cls._of(scored, rows, {key: counts(part) for key, part in rows.items()})

    @classmethod
    def pooled(cls, scored: pd.DataFrame, counts: Counts) -> "FoldValues":
        """One value per repeat, of the pairs of all its folds together.

        Scores of two folds are not compared. For strata of which one fold holds too few
        subjects.
        """
        rows, pairs = {}, {}
        for repeat in sorted(set(scored["repeat"])):
            mine = scored[scored["repeat"] == repeat]
            parts = [part for _, part in mine.groupby("fold")]
            found = [counts(part) for part in parts]
            key = int(repeat), POOLED
            rows[key] = pd.concat(parts)
            pairs[key] = PairCounts(
                np.concatenate([one.wins for one in found]),
                np.concatenate([one.pairs for one in found]),
            )
        return cls._of(scored, rows, pairs)

    @classmethod
    def _of(
        cls,
        scored: pd.DataFrame,
        rows: dict[Key, pd.DataFrame],
        pairs: dict[Key, PairCounts],
    ) -> "FoldValues":
        names = pd.Index(sorted(set(scored["cluster"])))
        members = [names.get_indexer(part["cluster"]) for part in rows.values()]
        has_event = names.isin(scored.loc[scored["event"] == 1, "cluster"])
        n_subjects = scored["subject_id"].nunique()
        return cls.of_pairs(pairs, members, np.asarray(has_event), n_subjects)

    @classmethod
    def of_pairs(
        cls,
        pairs: Mapping[Key, PairCounts],
        members: Sequence[np.ndarray],
        has_event: np.ndarray,
        n_subjects: int,
    ) -> "FoldValues":
        """Values of pairs that are counted already.

        Parameters
        ----------
        pairs : mapping
            Pairs of the evaluation subjects of each fold.
        members : sequence of ndarray of int
            Number of the cluster of these subjects, fold by fold.
        has_event : ndarray of bool, shape (clusters,)
            Clusters with an event.
        n_subjects : int
            Subjects of all folds, each once.
        """
        counts, n_clusters = list(pairs.values()), len(has_event)
        influences = np.zeros((0, n_clusters))
        values = np.zeros(0)
        if counts:
            influences = fold_influences(counts, members, n_clusters)
            values = fold_values(counts)
        influences *= cluster_correction(n_clusters, n_subjects)
        lone = _has_lone_cluster(list(pairs), counts, members, n_clusters)
        return cls(tuple(pairs), values, influences, has_event, lone)

    def minus(self, other: "FoldValues") -> "FoldValues":
        """Differences in folds that both have; of the same subjects."""
        theirs = {key: place for place, key in enumerate(other.keys)}
        places = [theirs.get(key, -1) for key in self.keys]
        known = np.array(places, dtype=int) >= 0
        values = np.append(other.values, np.nan)[places]
        nothing = np.zeros((1, other.influences.shape[1]))
        influences = np.concatenate([other.influences, nothing])[places]
        return replace(
            self,
            values=np.where(known, self.values - values, np.nan),
            influences=self.influences - influences,
            lone=self.lone or other.lone,
        )

    @property
    def defined(self) -> np.ndarray:
        """Folds whose number is defined, shape (folds,)."""
        return np.asarray(np.isfinite(self.values))

    @property
    def n_defined(self) -> int:
        """Number of folds whose number is defined."""
        return int(self.defined.sum())

    @property
    def mean(self) -> float:
        """Mean over the folds whose number is defined; NaN without such a fold."""
        return float(mean_of_defined(self.values)) if len(self.values) else np.nan

    @property
    def first_repeat(self) -> float:
        """Mean over the defined folds of the first repeat, which the null permutes."""
        first = np.array([repeat == 1 for repeat, _ in self.keys], dtype=bool)
        return float(mean_of_defined(self.values[first])) if first.any() else np.nan

    def repeats(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Values and influences of the defined folds of each repeat that has some."""
        numbers = np.array([repeat for repeat, _ in self.keys])
        for number in sorted(set(numbers[self.defined].tolist())):
            mine = self.defined & (numbers == number)
            yield self.values[mine], self.influences[mine]

    def method(self, text: str) -> str:
        """Method, and how many folds it had to do without."""
        lost = len(self.keys) - self.n_defined
        return f"{text}; {lost} of {len(self.keys)} folds undefined" if lost else text


def scored_rows(predictions: pd.DataFrame) -> pd.DataFrame:
    """Predictions with a score and a known outcome."""
    return predictions[predictions["score"].notna() & predictions["event"].notna()]


def of_arm(table: pd.DataFrame, arm: str, scheme: str) -> pd.DataFrame:
    """Rows of one arm and scheme."""
    return table[(table["arm"] == arm) & (table["scheme"] == scheme)]


def planned_folds(fits: pd.DataFrame, arm: str, scheme: str) -> list[Key]:
    """(repeat, fold) of each fold in which an arm was to be fitted, sorted."""
    fitted = of_arm(fits, arm, scheme)[_KEYS].drop_duplicates().sort_values(_KEYS)
    return [(int(repeat), str(fold)) for repeat, fold in fitted.itertuples(index=False)]


def is_by_group(scheme: str) -> bool:
    """True if each fold of a scheme is one group that is left out."""
    return kind_of(scheme).by_group


def sets_of(scheme: str) -> str:
    """Words for the evaluation sets of a scheme, over which a mean is taken."""
    if is_by_group(scheme):
        return "groups left out"
    return "declared evaluation sets" if kind_of(scheme).once else "folds"


def _has_lone_cluster(
    keys: list[Key],
    counts: list[PairCounts],
    members: Sequence[np.ndarray],
    n_clusters: int,
) -> bool:
    """True if in some repeat all pairs have one cluster in common."""
    for repeat in {repeat for repeat, _ in keys}:
        pairs, total = np.zeros(n_clusters), 0.0
        for key, one, clusters in zip(keys, counts, members, strict=True):
            if key[0] == repeat:
                np.add.at(pairs, clusters, one.pairs)
                total += float(one.pairs.sum()) / 2
        if total > 0 and is_whole(float(pairs.max()), total):
            return True
    return False
