"""Development and evaluation sets: one table that every model of a study reads."""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import pandas as pd

from ..errors import ConfigError
from . import declared_splits
from .dealing import cluster_numbers, dealt, strata_of_clusters
from .declared_splits import DEVELOPMENT, EVALUATION, NEITHER
from .scheme import CV, LOSO, Scheme
from .validation import SplittingSection


def make(
    cohort: pd.DataFrame,
    outcome: pd.Series | None,
    validation: SplittingSection,
    seed: int,
) -> pd.DataFrame:
    """Folds of a study, as a table of kind "folds" without the name of their set.

    Strata of both outcome and group would plant the chance association of this sample
    in both sides of every fold, so that the group seems to predict the outcome of pure
    noise. Therefore only one of them is spread evenly.

    Parameters
    ----------
    cohort : DataFrame
        One row per subject with `subject_id`, `group` and `cluster`, and the columns
        of the splits that the study declares.
    outcome : Series of float or None
        0/1 per row of the cohort: its classes are spread evenly over the folds, with
        subjects without an outcome (NaN) as a class of their own. None spreads the
        groups evenly; then the folds depend on no outcome.
    validation : SplittingSection
        Numbers of folds and repeats, whether each group is left out once, and declared
        splits.
    seed : int
        Seed of the study.
    """
    subjects = cohort["subject_id"].to_numpy(dtype=object)
    groups = cohort["group"].to_numpy(dtype=object)
    clusters = cluster_numbers(cohort["cluster"])
    strata = groups.tolist() if outcome is None else _classes(outcome)
    tables = [
        _table(CV.name, repeat, subjects, clusters, fold)
        for repeat in range(1, validation.repeats + 1)
        for fold in [stratified(strata, validation.folds, [seed, repeat], clusters)]
    ]
    if validation.leave_one_group_out:
        if len(set(groups)) < 2:
            raise ConfigError(
                f"validation.leave_one_group_out: all {len(groups)} subjects belong to "
                f"group {groups[0]!r}; at least two groups are needed."
            )
        tables.append(_table(LOSO.name, 1, subjects, clusters, groups))
    return pd.concat([*tables, *_declared(cohort, validation)], ignore_index=True)


def _declared(
    cohort: pd.DataFrame, validation: SplittingSection
) -> Iterator[pd.DataFrame]:
    """Folds of the splits that a study declares, in the order of their cuts."""
    found = [*declared_splits.roles(cohort, validation.temporal, validation.fixed)]
    declared_splits.require_both_classes(cohort, found)
    for scheme, fold, role in found:
        columns = {"subject_id": cohort["subject_id"], "role": role}
        table = pd.DataFrame(columns).sort_values("subject_id")
        yield table.assign(fold=fold, scheme=scheme, repeat=1)


def stratified(
    strata: Sequence[Hashable],
    n_folds: int,
    seed: int | Sequence[int],
    clusters: Sequence[Hashable] | np.ndarray | None = None,
) -> np.ndarray:
    """Fold number (from 1) of each row; every stratum is spread evenly.

    Clusters are shuffled within strata and dealt round the folds, one stratum after
    the other in sorted order. If every row is a cluster of its own, a stratum differs
    by at most one row between folds, and so does every run of neighbouring strata:
    groups too small to fill the folds share them out together. Rows of one cluster
    stay together, in the stratum that most of them have.

    Parameters
    ----------
    strata : sequence
        Stratum of each row; all of them can be sorted.
    n_folds : int
        From 2 to the number of clusters.
    seed : int or sequence of int
        Start of the random order.
    clusters : sequence, optional
        Cluster of each row; by default each row is one of its own.
    """
    cluster = cluster_numbers(range(len(strata)) if clusters is None else clusters)
    own, sizes = strata_of_clusters(strata, cluster)
    if not 2 <= n_folds <= len(own):
        kind = "subjects" if len(own) == len(strata) else "clusters"
        raise ConfigError(
            f"validation.folds is {n_folds}, expected 2 to the number of {kind} "
            f"({len(own)})."
        )
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(own)).tolist()
    order = sorted(shuffled, key=lambda unit: (own[unit], -sizes[unit]))
    fold = np.empty(len(own), dtype=int)
    fold[order] = dealt([own[unit] for unit in order], sizes[order], n_folds)
    return np.asarray(generator.permutation(n_folds)[fold][cluster] + 1)


def select(folds: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Rows of one scheme; ConfigError if there are none."""
    of_kind = folds["scheme"] == scheme.kind.name
    chosen = folds[of_kind & (folds["repeat"] == scheme.repeat)]
    if chosen.empty:
        raise ConfigError(
            f"scheme {str(scheme)!r} has no folds; the table has the schemes "
            f"{sorted(set(folds['scheme']))}, up to repeat {folds['repeat'].max()}."
        )
    return chosen


def splits(chosen: pd.DataFrame) -> list[tuple[str, list[str], list[str]]]:
    """(fold, development subjects, evaluation subjects) of one scheme, sorted."""
    found = []
    for fold, rows in chosen.groupby("fold", sort=False):
        roles = {
            role: sorted(rows.loc[rows["role"] == role, "subject_id"])
            for role in (DEVELOPMENT, EVALUATION)
        }
        found.append((str(fold), roles[DEVELOPMENT], roles[EVALUATION]))
    return found


def _classes(outcome: pd.Series) -> list[float]:
    """Class of each subject: 0, 1, or -1 for an outcome that is not known."""
    values = np.asarray(outcome, dtype=float)
    return [float(one) if np.isfinite(one) else -1.0 for one in values]


def _table(
    scheme: str,
    repeat: int,
    subjects: np.ndarray,
    clusters: np.ndarray,
    fold: np.ndarray,
) -> pd.DataFrame:
    """One row per subject and fold, sorted by fold and subject."""
    tables = []
    for name in sorted(set(fold.tolist())):
        held_out = fold == name
        beside = np.isin(clusters, clusters[held_out])
        role = np.select([held_out, beside], [EVALUATION, NEITHER], DEVELOPMENT)
        columns = {"fold": str(name), "subject_id": subjects, "role": role}
        tables.append(pd.DataFrame(columns).sort_values("subject_id"))
    table = pd.concat(tables, ignore_index=True)
    return table.assign(scheme=scheme, repeat=repeat)
