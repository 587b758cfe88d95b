"""Means over repeats of values of whole repeats, with their errors and intervals.

Probabilities are statements of their own, so those of all folds of a repeat are judged
together, unlike scores. A repeat holds each subject once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from ...statistics.fold_mean import cluster_correction
from ..calibration import Calibration

POOLED = "folds of a repeat pooled, mean over repeats"
AS_MEASURED = Calibration()
#: Errors below this are rounding.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Estimates:
    """Estimates with bounds, arrays of one shape; NaN where there is none."""

    value: np.ndarray
    standard_error: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def only(self, bounded: np.ndarray) -> "Estimates":
        """The same with errors and bounds where `bounded` is true alone."""
        known = (self.standard_error, self.lower, self.upper)
        return Estimates(self.value, *(np.where(bounded, v, np.nan) for v in known))


@dataclass(frozen=True)
class RepeatValues:
    """Values of each repeat, and how far each cluster of subjects moves them.

    Attributes
    ----------
    values : ndarray of float, shape (R, ...)
        Of R repeats.
    influences : ndarray of float, shape (R, ..., C)
        Of C clusters.
    has_event : ndarray of bool, shape (C,)
        Clusters with an event.
    """

    values: np.ndarray
    influences: np.ndarray
    has_event: np.ndarray

    @classmethod
    def of(
        cls,
        rows: Sequence[pd.DataFrame],
        found: Sequence[tuple[np.ndarray, np.ndarray]],
    ) -> "RepeatValues":
        """Values (...) and influences (..., n) of each repeat, summed over clusters.

        Parameters
        ----------
        rows : sequence of DataFrame
            Subjects of each repeat: `subject_id`, `cluster`, `event`.
        found : sequence of (ndarray, ndarray)
            Values and influences of these rows.
        """
        every = pd.concat(rows)
        names = pd.Index(sorted(set(every["cluster"])))
        factor = cluster_correction(len(names), every["subject_id"].nunique())
        shape = found[0][0].shape
        influences = np.zeros((len(rows), *shape, len(names)))
        for number, (part, (_, moved)) in enumerate(zip(rows, found, strict=True)):
            summed = np.zeros((len(names), *shape))
            np.add.at(
                summed, names.get_indexer(part["cluster"]), np.moveaxis(moved, -1, 0)
            )
            influences[number] = factor * np.moveaxis(summed, 0, -1)
        has_event = names.isin(every.loc[every["event"] == 1, "cluster"])
        values = np.stack([value for value, _ in found])
        return cls(values, influences, np.asarray(has_event))

    def estimates(
        self, confidence: float, widened: Calibration = AS_MEASURED
    ) -> Estimates:
        """Mean over the repeats with Student's interval.

        A mean over repeats has the variance of one repeat less what the choice of the
        folds adds, and at least that of its own influences, as of discrimination. NaN
        where a repeat has no value; no bounds where no subject moves it.

        Parameters
        ----------
        confidence : float
        widened : Calibration
            Widening of the standard error for refitted models.
        """
        value, factor = self.values.mean(axis=0), widened.factor
        by_cluster = factor**2 * (self.influences**2).mean(axis=0)
        least = factor**2 * (self.influences.mean(axis=0) ** 2).sum(axis=-1)
        error = np.sqrt(np.maximum(least, by_cluster.sum(axis=-1) - self._chance()))
        known = np.isfinite(value) & (error > _NOTHING)
        error = np.where(known, error, np.nan)
        freedom = np.minimum(self._degrees(by_cluster), widened.degrees)
        half = _quantile(confidence, np.where(known, freedom, np.inf)) * error
        return Estimates(value, error, value - half, value + half)

    def _chance(self) -> np.ndarray:
        """Variance of repeats that their mean is freed of."""
        n = len(self.values)
        if n < 2:
            return np.zeros(self.values.shape[1:])
        return np.asarray(self.values.var(axis=0, ddof=1) * (1 - 1 / n))

    def _degrees(self, by_cluster: np.ndarray) -> np.ndarray:
        """Degrees of freedom by Satterthwaite, of clusters with and without events."""
        parts = [by_cluster[..., self.has_event], by_cluster[..., ~self.has_event]]
        sums = [part.sum(axis=-1) for part in parts]
        inverse = sum(
            total**2 / max(part.shape[-1] - 1, 1)
            for part, total in zip(parts, sums, strict=True)
        )
        total = np.asarray(sum(sums))
        none = np.full(total.shape, np.inf)
        return np.asarray(np.divide(total**2, inverse, out=none, where=total > 0))


def _quantile(confidence: float, degrees: np.ndarray) -> np.ndarray:
    share = 0.5 + confidence / 2
    finite = np.where(np.isfinite(degrees), degrees, 1e12)
    return np.asarray(special.stdtrit(np.maximum(finite, 1.0), share))
