"""Mahalanobis distance of a subject from those of development.

References
----------
Mahalanobis, P. C. (1936). "On the generalised distance in statistics". Proceedings of
the National Institute of Sciences of India, 2, 49-55.

Hotelling, H. (1931). "The generalization of Student's ratio". Annals of Mathematical
Statistics, 2, 360-378. https://doi.org/10.1214/aoms/1177732979
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import fdtri

from ...statistics.mahalanobis import SHARE
from ..development import Applicability
from .flags import Raised, shown


@dataclass(frozen=True)
class Distances:
    """Mean and covariance of predictors in development, and the limit of distances.

    Attributes
    ----------
    columns : tuple of str
        Predictors, k of them.
    mean : ndarray of float, shape (k,)
    covariance : ndarray of float, shape (k, k)
    n : int
        Subjects behind both.
    limit : float
        99th percentile of the distances of subjects of development, each from the
        others.
    """

    columns: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray
    n: int
    limit: float

    @classmethod
    def of(cls, known: Applicability) -> Self | None:
        """Distances of a model; None if it tells no limit."""
        if known.distance_limit is None or not known.columns:
            return None
        return cls(
            tuple(known.columns),
            np.array(known.mean, dtype=float),
            np.array(known.covariance, dtype=float),
            known.n,
            known.distance_limit,
        )

    def flags(self, values: Mapping[str, float]) -> Iterator[Raised]:
        """The flag of a subject that is farther away than the limit.

        Of a subject with missing values, the distance in the known ones is judged, by
        a limit of its own; see `limit_of`.
        """
        found = np.array([values.get(name, np.nan) for name in self.columns], float)
        known = np.isfinite(found)
        distance = self.distance(found)
        limit = self.limit_of(int(known.sum()))
        if not distance > limit:
            return
        n_known = int(known.sum())
        some = "" if known.all() else f" in the {n_known} of {len(known)} known ones"
        yield Raised(
            "distance",
            "predictors",
            f"{shown(distance)}{some}",
            f"at most {shown(limit)}, the 99th percentile of development (n = "
            f"{self.n})",
        )

    @property
    def chance(self) -> float:
        """Share of exchangeable subjects beyond the limit.

        A new one stands beyond all n of development in 1/(n + 1), whatever the limit.
        """
        return max(round(1.0 - SHARE, 9), 1.0 / (self.n + 1))

    def distance(self, values: np.ndarray) -> float:
        """Distance of values (k,) from the mean, in those that are finite.

        NaN without any, or if their covariance is singular.
        """
        known = np.isfinite(values)
        if not known.any():
            return float("nan")
        apart = (values - self.mean)[known]
        # Units differ by powers of ten; the distance depends on none of them.
        spread = np.sqrt(np.diag(self.covariance)[known])
        if not (spread > 0).all():
            return float("nan")
        scaled = self.covariance[np.ix_(known, known)] / np.outer(spread, spread)
        try:
            lower = np.linalg.cholesky(scaled)
        except np.linalg.LinAlgError:
            return float("nan")
        with np.errstate(over="ignore"):  # infinitely far is far
            return float(np.linalg.norm(np.linalg.solve(lower, apart / spread)))

    def limit_of(self, n_known: int) -> float:
        """Limit of the distance in some of the predictors.

        The limit of all predictors is empirical. Of fewer, it falls as the 99th
        percentile does of distances of a new subject of a normal distribution from
        the mean of n others: with m predictors, the squared distance is m (n + 1)
        (n - 1) / (n (n - m)) times F with m and n - m degrees of freedom (Hotelling).
        """
        k = len(self.columns)
        if n_known == k or n_known == 0:
            return self.limit
        return self.limit * self._normal(n_known) / self._normal(k)

    def _normal(self, m: int) -> float:
        """99th percentile of the distance in m predictors of a normal distribution."""
        n = self.n
        scale = m * (n + 1) * (n - 1) / (n * (n - m))
        return float(np.sqrt(scale * fdtri(m, n - m, SHARE)))
