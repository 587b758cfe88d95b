"""Estimate of a measure in a subgroup: mean over repeats, error and interval."""

from dataclasses import dataclass

import numpy as np

from ..calibration import Calibration
from ..fold_errors import NO_PAIR, error_over_repeats, share_interval
from ..intervals import Interval, logit_bounds, symmetric_bounds
from .measures import BRIER, Measured

#: Errors below this are rounding.
_NOTHING = 1e-12
UNDEFINED = "not defined: one class or risk alone, or outcomes that are separated"
NO_ERROR = "no information: no subject differs from the others"
_METHOD = "mean over repeats; jackknife error by patient, Student's t"


@dataclass(frozen=True)
class Estimated:
    """Interval of a value; error for tests between subgroups, not widened.

    Subgroups are judged by the same models, so that what other models would change is
    no difference between them.
    """

    interval: Interval
    error: float = np.nan
    degrees: float = np.nan  # of freedom, of that error

    @classmethod
    def unknown(cls, reason: str, method: str = "") -> "Estimated":
        """No value, for a reason."""
        nothing = (np.nan,) * 5
        return cls(Interval(*nothing, method=method, reason=reason))

    @property
    def comparable(self) -> bool:
        """True if the value has an error that a test may use."""
        return bool(np.isfinite(self.interval.lower) and self.degrees > 0)


def estimated(one: Measured, confidence: float, calibration: Calibration) -> Estimated:
    """Interval of a measure; errors of discrimination are widened by permutations."""
    values = one.values
    if not values.n_defined:
        shown = NO_PAIR if one.is_share and one.measure != BRIER else UNDEFINED
        return Estimated.unknown(shown, one.method)
    if one.is_share and one.measure != BRIER:
        interval = share_interval(values, calibration, confidence, one.method)
        return Estimated(interval, *error_over_repeats(values, 1.0))
    error, degrees = error_over_repeats(values, 1.0)
    method = f"{one.method}; {_METHOD}"
    if not error > _NOTHING:
        blank = (np.nan,) * 4
        return Estimated(Interval(values.mean, *blank, method, NO_ERROR))
    inside = one.is_share and 0 < values.mean < 1
    bounds = (logit_bounds if inside else symmetric_bounds)(
        values.mean, error, confidence, degrees
    )
    return Estimated(Interval(values.mean, error, 1.0, *bounds, method), error, degrees)
