"""Bootstrap samples of clusters of subjects, and the rows that they hold repeatedly."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..errors import StudyError
from .dealing import cluster_numbers, strata_of_clusters
from .declared_splits import DEVELOPMENT, EVALUATION
from .scheme import BOOTSTRAP

#: Set of folds that holds the samples. They know no outcome and serve all endpoints.
FOLD_SET = "bootstrap"
#: Number of the sample that holds each subject once.
WHOLE = 0
#: Sets the samples' random numbers apart from those of the cross-validation.
_STREAM = 632


def samples(cohort: pd.DataFrame, n_samples: int, seed: int) -> pd.DataFrame:
    """Samples as a table of kind "folds": one repeat each, of one fold.

    Clusters are drawn with replacement within each group, as many as it has: every
    sample has all groups, and so batches to be harmonized. `times` says how often a
    subject was drawn; who was not is an evaluation subject, out of bag. No cluster has
    subjects of both kinds.

    Parameters
    ----------
    cohort : DataFrame
        One row per subject with `subject_id`, `group` and `cluster`; their order does
        not matter.
    n_samples : int
        Number of samples; the first ones of more samples are the same.
    seed : int
        Seed of the study.
    """
    rows = cohort.sort_values("subject_id", ignore_index=True)
    cluster = cluster_numbers(rows["cluster"])
    groups, _ = strata_of_clusters(rows["group"].tolist(), cluster)
    group = np.array([str(name) for name in groups])
    members = [np.flatnonzero(group == name) for name in np.unique(group)]
    tables = []
    for repeat in range(1, n_samples + 1):
        drawn = _drawn(members, len(group), [seed, repeat, _STREAM])
        times = drawn[cluster]
        role = np.where(times > 0, DEVELOPMENT, EVALUATION)
        columns = {"repeat": repeat, "subject_id": rows["subject_id"], "role": role}
        tables.append(pd.DataFrame(columns | {"times": times}))
    table = pd.concat(tables, ignore_index=True)
    return table.assign(scheme=BOOTSTRAP.name, fold="1", fold_set=FOLD_SET)


def repeated(table: pd.DataFrame, times: Mapping[str, int]) -> pd.DataFrame:
    """Rows of a table by subject, as often as each subject was drawn.

    A repeat has an id of its own and the cluster of its subject, so that steps that
    count subjects see as many as were drawn, and folds inside the sample, which keep
    clusters together, never have one subject on both sides. Weights would have to be
    known to every step from the harmonizer on.

    Parameters
    ----------
    table : DataFrame
        With `subject_id`, and any number of rows per subject.
    times : mapping of str to int
        How often each subject was drawn, at least once.
    """
    known = set(times)
    parts = []
    for turn in range(1, max(times.values(), default=0) + 1):
        mine = table[table["subject_id"].map(times) >= turn]
        if turn > 1:
            names = mine["subject_id"].map(lambda name: f"{name} (drawn {turn})")  # noqa: B023
            _require_new(names, known)
            mine = mine.assign(subject_id=names)
        parts.append(mine)
    return pd.concat(parts, ignore_index=True) if parts else table.iloc[:0]


def times_of(chosen: pd.DataFrame) -> dict[str, int]:
    """Number of times that each development subject was drawn; empty if none was."""
    if "times" not in chosen or chosen["times"].isna().all():
        return {}
    drawn = chosen[chosen["role"] == DEVELOPMENT]
    return dict(zip(drawn["subject_id"], drawn["times"].astype(int), strict=True))


def _require_new(names: Iterable[str], known: set[str]) -> None:
    if found := sorted(known.intersection(names)):
        raise StudyError(
            f"bootstrap: a subject is called {found[0]!r}, as the repeat of another "
            "one is; rename it in the subjects sheet."
        )


def _drawn(
    members: Iterable[np.ndarray], n_clusters: int, seed: list[int]
) -> np.ndarray:
    """Number of times that each cluster is drawn, shape (clusters,)."""
    generator = np.random.default_rng(seed)
    drawn = [own[generator.integers(len(own), size=len(own))] for own in members]
    return np.bincount(np.concatenate(drawn), minlength=n_clusters)
