"""Folds within the subjects of an update, by which its own calibration is judged."""

from collections.abc import Iterator

import numpy as np

from ...folds.dealing import dealt, strata_of_clusters
from ...frozen.updating.subjects import Subjects

N_FOLDS, N_REPEATS = 5, 10


def folds(subjects: Subjects, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Fold of each subject, (n,) from 0, repeat by repeat.

    Clusters stay together; outcomes, and strata of baseline hazards, are spread
    evenly.
    """
    unit = subjects.unit
    strata, sizes = strata_of_clusters(_outcomes(subjects), unit)
    names = [str(one) for one in strata]
    for _ in range(N_REPEATS):
        order = sorted(random.permutation(len(sizes)).tolist(), key=names.__getitem__)
        fold = np.empty(len(sizes), dtype=int)
        fold[order] = dealt([names[one] for one in order], sizes[order], N_FOLDS)
        yield fold[unit]


def _outcomes(subjects: Subjects) -> list[str]:
    code = subjects.event.astype(int) + 2 * subjects.had_other.astype(int)
    stratum = subjects.stratum
    within = [""] * len(code) if stratum is None else list(stratum)
    return [f"{one} {name}" for one, name in zip(code, within, strict=True)]
