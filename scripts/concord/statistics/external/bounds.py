"""Intervals of sums and differences of independent estimates from their own intervals.

References
----------
Zou, G. Y. and Donner, A. (2008). "Construction of confidence limits about effect
measures: a general approach". Statistics in Medicine, 27, 1693-1702.
https://doi.org/10.1002/sim.3095
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Bounded:
    """An estimate with the bounds of its interval; NaN where there is none."""

    estimate: float
    lower: float = float("nan")
    upper: float = float("nan")

    @classmethod
    def of_error(cls, estimate: float, error: float, z: float) -> "Bounded":
        """Estimate with z standard errors on both sides; no bounds of a NaN."""
        return cls(estimate, estimate - z * error, estimate + z * error)

    def plus(self, other: "Bounded") -> "Bounded":
        """Sum of two independent estimates: distances to their bounds add in square."""
        below = np.hypot(self.estimate - self.lower, other.estimate - other.lower)
        above = np.hypot(self.upper - self.estimate, other.upper - other.estimate)
        total = self.estimate + other.estimate
        return Bounded(total, float(total - below), float(total + above))

    def minus(self, other: "Bounded") -> "Bounded":
        """Difference of two independent estimates."""
        return self.plus(Bounded(-other.estimate, -other.upper, -other.lower))

    def exp(self) -> "Bounded":
        """The same of logarithms, as ratios."""
        found = np.exp([self.estimate, self.lower, self.upper])
        return Bounded(*(float(value) for value in found))
