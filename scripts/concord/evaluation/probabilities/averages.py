"""Means over the repeats of a cross-validation, with errors by clusters of subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...statistics.fold_mean import cluster_correction
from ..fold_errors import error_over_repeats
from ..fold_values import POOLED, FoldValues
from ..intervals import symmetric_bounds
from .judged import Judged

_NOTHING = 1e-12
#: How errors are found, for the column `method`.
METHOD = (
    "probabilities of all folds of a repeat together, mean over repeats; jackknife by "
    "clusters of subjects, models as they are"
)


@dataclass(frozen=True)
class Average:
    """Mean over repeats with standard error and its degrees of freedom."""

    estimate: float
    standard_error: float
    degrees: float

    def bounds(self, confidence: float) -> tuple[float, float]:
        """Student's interval; NaN without an error."""
        if not self.standard_error > _NOTHING:
            return float("nan"), float("nan")
        return symmetric_bounds(
            self.estimate, self.standard_error, confidence, self.degrees
        )


class Repeats:
    """Repeats of the same subjects, whose influences add up by cluster."""

    def __init__(self, samples: Sequence[Judged]) -> None:
        self.samples = list(samples)
        labels = [one.rows["cluster"].to_numpy(dtype=object) for one in samples]
        names = np.unique(np.concatenate(labels).astype(str))
        self._members = [np.searchsorted(names, one.astype(str)) for one in labels]
        self.n_clusters = len(names)
        subjects = {name for one in samples for name in one.rows["subject_id"]}
        self.n = len(subjects)
        self._factor = cluster_correction(self.n_clusters, self.n)
        self._has_event = np.zeros(self.n_clusters, dtype=bool)
        for one, members in zip(samples, self._members, strict=True):
            self._has_event[members[one.happened]] = True

    def clusters(self, place: int) -> np.ndarray:
        """Number of the cluster of each subject of a repeat, from 0."""
        return self._members[place]

    def by_cluster(self, place: int, influence: np.ndarray) -> np.ndarray:
        """Influences of the clusters, (..., clusters), of those of subjects."""
        summed = np.zeros((self.n_clusters, *influence.shape[:-1]))
        np.add.at(summed, self._members[place], np.moveaxis(influence, -1, 0))
        return np.asarray(self._factor * np.moveaxis(summed, 0, -1))

    def average(
        self, values: Sequence[float], influences: Sequence[np.ndarray]
    ) -> Average:
        """Mean of a value of each repeat, with the influences of its subjects."""
        moved = [self.by_cluster(place, one) for place, one in enumerate(influences)]
        return self.average_of(np.array(values), np.stack(moved))

    def average_of(self, values: np.ndarray, influences: np.ndarray) -> Average:
        """The same of influences of clusters, shape (repeats, clusters).

        As of means over folds: that of one repeat, freed of what the choice of the
        folds adds, but never below the error of the mean, as repeats share subjects.
        """
        keys = tuple((one.repeat, POOLED) for one in self.samples)
        folds = FoldValues(keys, values, influences, self._has_event, False)
        if not folds.n_defined:
            return Average(float("nan"), float("nan"), float("inf"))
        error, degrees = error_over_repeats(folds, 1.0)
        return Average(folds.mean, error, degrees)
