"""Values of an arm under many permuted outcomes, with their errors, all at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...errors import StudyError
from ...statistics import risk_groups
from ...statistics.discrimination import PairCounts
from ...statistics.fold_mean import (
    cluster_correction,
    fold_influences,
    fold_values,
    mean_of_defined,
    standard_error,
)
from ...statistics.log_rank import signed_log_rank
from ...statistics.outcome_kinds import OutcomeKind
from .refit import Refitting


class PreparedFold(NamedTuple):
    """A fold after all steps that are blind to the outcome, as arrays.

    `development` and `evaluation` are the subjects' numbers in the whole study.
    """

    development: np.ndarray
    evaluation: np.ndarray
    refit: Refitting


class Refitted(NamedTuple):
    """Scores of the evaluation rows, one row per permutation; NaN if a fit failed."""

    scores: np.ndarray  # (permutations, n)
    group: np.ndarray  # number of the risk group, the same shape

    @classmethod
    def of(cls, fold: PreparedFold, y: np.ndarray) -> "Refitted":
        """Refits to the outcomes of the whole study, shape (permutations, subjects)."""
        scores = np.full((len(y), len(fold.evaluation)), np.nan)
        group = np.zeros(scores.shape, dtype=int)
        for number, outcomes in enumerate(y):
            try:
                found = fold.refit.scores_and_cuts(outcomes[fold.development])
            except StudyError:
                continue
            scores[number] = found[0]
            group[number] = risk_groups.numbers(*found)
        return cls(scores, group)


def values_and_errors(
    folds: Sequence[PreparedFold],
    refitted: Sequence[Refitted],
    y: np.ndarray,
    clusters: np.ndarray,
    outcome: OutcomeKind,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean metric over the folds and its standard error, shape (permutations,) each.

    Parameters
    ----------
    folds, refitted : sequences
        Folds of one repeat, and what they score.
    y : ndarray, shape (permutations, subjects)
        Permuted outcomes of the whole study, as `OutcomeKind.target` gives them.
    clusters : ndarray of int, shape (subjects,)
        Number of the cluster of each subject.
    outcome : OutcomeKind
        Of the endpoint.
    """
    counts = [
        _known_pairs(
            outcome.pairs_of_targets(y[:, fold.evaluation], found.scores), found
        )
        for fold, found in zip(folds, refitted, strict=True)
    ]
    members = [clusters[fold.evaluation] for fold in folds]
    n_clusters = int(clusters.max()) + 1
    values = fold_values(counts)
    influences = fold_influences(counts, members, n_clusters)
    errors = standard_error(values, influences)
    correction = cluster_correction(n_clusters, len(clusters))
    return mean_of_defined(values), correction * errors


def log_rank_statistics(
    folds: Sequence[PreparedFold], refitted: Sequence[Refitted], y: np.ndarray
) -> np.ndarray:
    """Signed log-rank Z of the risk groups of all folds, shape (permutations,).

    NaN where a fit failed; `y` has the fields event and time_days.
    """
    group, known = np.zeros(y.shape, dtype=int), np.zeros(y.shape, dtype=bool)
    failed = np.zeros(len(y), dtype=bool)
    for fold, found in zip(folds, refitted, strict=True):
        group[:, fold.evaluation], known[:, fold.evaluation] = found.group, True
        failed |= ~np.isfinite(found.scores).all(axis=1)
    z = signed_log_rank(y["event"].astype(int), y["time_days"], group, known)
    return np.where(failed, np.nan, z)


def _known_pairs(counts: PairCounts, found: Refitted) -> PairCounts:
    """Pairs without those of fits that failed."""
    known = np.isfinite(found.scores)
    return PairCounts(counts.wins * known, counts.pairs * known)
