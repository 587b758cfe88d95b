"""Scale of a marker: one SD as the unit, or normal scores of its ranks."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from ...statistics.constants import varies


@dataclass(frozen=True)
class MarkerScale:
    """Values of a marker, from its own unit to the one that models take.

    Learnt from all subjects at once, which a test that predicts nobody may.

    Attributes
    ----------
    values, scaled : ndarray of float, shape (distinct values,)
        Ascending, and what each becomes; between two, a straight line.
    step : float
        Difference in the marker's own unit that is one on the scale; NaN for ranks.
    """

    values: np.ndarray
    scaled: np.ndarray
    step: float

    @classmethod
    def standard(cls, values: np.ndarray) -> Self:
        """SD as the unit, zero at the mean; a marker of 0 and 1 stays as it is."""
        distinct = np.unique(values)
        if set(distinct.tolist()) <= {0.0, 1.0}:
            return cls(distinct, distinct, 1.0)
        sd = float(values.std(ddof=1)) if varies(values) else 1.0
        return cls(distinct, (distinct - values.mean()) / sd, sd)

    @classmethod
    def ranks(cls, values: np.ndarray) -> Self:
        """Normal scores of the ranks, of equal values the one of their mean rank.

        References
        ----------
        Blom, G. (1958). Statistical Estimates and Transformed Beta-Variables. Wiley,
        New York.
        """
        from scipy.special import ndtri

        distinct, counts = np.unique(values, return_counts=True)
        if set(distinct.tolist()) <= {0.0, 1.0}:
            return cls(distinct, distinct, 1.0)
        mean_rank = np.cumsum(counts) - (counts - 1) / 2
        scores = ndtri((mean_rank - 0.375) / (len(values) + 0.25))
        return cls(distinct, np.asarray(scores), np.nan)

    def of(self, values: np.ndarray) -> np.ndarray:
        """Values on the scale, shape as given; beyond the known ones, the last."""
        return np.asarray(np.interp(values, self.values, self.scaled))
