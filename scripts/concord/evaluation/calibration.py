"""Widening of standard errors by what permuted outcomes show of refitted models."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

Key = tuple[str, str]  # arm, scheme
_WITHIN_GROUPS = ["estimate", "standard_error"]
_FREELY = ["free_estimate", "free_standard_error"]


@dataclass(frozen=True)
class Calibration:
    """Factor of the standard errors of an arm and scheme.

    The jackknife takes fitted models as they are. Models of other samples would be
    others, and models of different folds share most of what they learnt: under permuted
    outcomes, means over folds scatter more than the jackknife tells. The factor is the
    ratio of both, never below 1.

    Outcomes that are permuted within groups keep what the groups give away. An arm
    without harmonization may learn just that, so its factor is of outcomes that are
    permuted over all groups.
    """

    factor: float = 1.0
    degrees: float = np.inf  # of freedom: permutations less one
    refits: bool = True  # False: models were made elsewhere, and cannot be refitted

    @classmethod
    def of(cls, permuted: pd.DataFrame) -> "Calibration":
        """Calibration by permutations of one arm and scheme, of kind "null"."""
        for columns in (_FREELY, _WITHIN_GROUPS):
            values = permuted[columns].dropna().to_numpy(dtype=float)
            if len(values) > 1 and (values[:, 1] > 0).any():
                claimed = np.sqrt((values[:, 1] ** 2).mean())
                factor = max(1.0, float(values[:, 0].std(ddof=1) / claimed))
                return cls(factor, len(values) - 1.0)
        return cls()

    def widest(self, other: "Calibration") -> "Calibration":
        """The larger factor of two arms, for their difference."""
        degrees = min(self.degrees, other.degrees)
        refits = self.refits and other.refits
        return Calibration(max(self.factor, other.factor), degrees, refits)

    @property
    def method(self) -> str:
        """Words for the interval's method."""
        if not self.refits:
            return "jackknife error, without widening for refitted models"
        if np.isinf(self.degrees):
            return "jackknife error, not widened for want of permutations"
        return "jackknife error, widened by the permutations"


class Calibrations:
    """Calibrations of all arms and schemes of an endpoint."""

    def __init__(
        self,
        found: Mapping[Key, Calibration] | None = None,
        other: Calibration | None = None,
    ) -> None:
        self._found, self._other = dict(found or {}), other or Calibration()

    @classmethod
    def of(cls, null: pd.DataFrame) -> "Calibrations":
        """Calibrations by a table of kind "null".

        Of given scores, which nobody refits, permuted values have no standard errors.
        """
        if len(null) and null["standard_error"].isna().all():
            return cls.of_given()
        parts = null.groupby(["arm", "scheme"])
        return cls(
            {(str(arm), str(scheme)): Calibration.of(p) for (arm, scheme), p in parts}
        )

    @classmethod
    def of_given(cls) -> "Calibrations":
        """Calibrations of predictions that another tool made: nobody can refit them."""
        return cls(other=Calibration(refits=False))

    def get(self, arm: str, scheme: str) -> Calibration:
        """Calibration of an arm in a scheme; a factor of 1 if it was not permuted."""
        return self._found.get((arm, scheme), self._other)

    def of_pair(self, arm: str, other: str, scheme: str) -> Calibration:
        """Calibration of the difference of two arms."""
        return self.get(arm, scheme).widest(self.get(other, scheme))
