"""Several measures in every fold of an arm, and how far each cluster moves them."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ...statistics.discrimination import is_whole
from ...statistics.fold_mean import cluster_correction, mean_of_defined
from ..fold_values import FoldValues, Key
from .measures import Measured
from .outcomes import subjects_of

MeasureRows = Callable[[pd.DataFrame, pd.DataFrame], Measured]


def fold_measures(
    rows: pd.DataFrame, planned: list[Key], measure: MeasureRows, by_group: bool
) -> list[FoldValues]:
    """Values of all measures in each planned fold, one `FoldValues` per measure.

    Parameters
    ----------
    rows : DataFrame
        Judged rows of one arm and scheme, from `outcomes.judged`.
    planned : list of (repeat, fold)
        All folds of the scheme.
    measure : callable
        Measures of the rows of a fold; its second argument are the subjects whose
        follow-up tells the distribution of censoring: all of the scheme or, if each
        fold is a group that was left out (`by_group`), those of the fold.
    """
    parts = dict(iter(rows.groupby(["repeat", "fold"])))
    names, everyone = pd.Index(sorted(set(rows["cluster"]))), subjects_of(rows)
    own = [parts.get(key, rows.iloc[:0]) for key in planned]
    populations = [part if by_group else everyone for part in own]
    found = [measure(*one) for one in zip(own, populations, strict=True)]
    values = np.array([one.values for one in found])
    members = [names.get_indexer(part["cluster"]) for part in own]
    influences = _influences(
        found, members, [names.get_indexer(p["cluster"]) for p in populations], names
    )
    influences *= cluster_correction(len(names), len(everyone))
    has_event = names.isin(rows.loc[rows["event"] == 1, "cluster"])
    lone = _lone(planned, found, members, len(names))
    return [
        FoldValues(tuple(planned), values[:, k], influences[:, k], has_event, lone[k])
        for k in range(values.shape[1])
    ]


def _influences(
    found: list[Measured],
    members: list[np.ndarray],
    watched: list[np.ndarray],
    names: pd.Index,
) -> np.ndarray:
    """Influence of each cluster on each measure of each fold, (folds, m, clusters)."""
    centre = mean_of_defined(np.array([one.values for one in found]))
    influences = np.zeros((len(found), len(centre), len(names)))
    for place, one in enumerate(found):
        summed = influences[place].T
        np.add.at(summed, members[place], np.nan_to_num(one.influence(centre)).T)
        np.add.at(summed, watched[place], one.by_weights.T)
    return influences


def _lone(
    planned: list[Key], found: list[Measured], members: list[np.ndarray], n: int
) -> list[bool]:
    """For each measure, true if in some repeat all pairs have one cluster in common."""
    n_measures = len(found[0].values) if found else 0
    lone = [False] * n_measures
    for repeat in {repeat for repeat, _ in planned}:
        pairs, total = np.zeros((n, n_measures)), np.zeros(n_measures)
        for key, one, clusters in zip(planned, found, members, strict=True):
            if key[0] == repeat:
                np.add.at(pairs, clusters, one.pairs.T)
                total += one.pairs.sum(axis=1) / 2
        most = pairs.max(axis=0, initial=0.0)
        lone = [
            was or bool(all_ > 0 and is_whole(float(part), float(all_)))
            for was, part, all_ in zip(lone, most, total, strict=True)
        ]
    return lone
