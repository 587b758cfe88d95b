"""One marker of a treatment's effect: test of the interaction, and effects with it."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri

from ...errors import FitError
from ...harmonization.estimators.covariates import natural_spline
from .markers import Marker
from .nested import Nested
from .scale import MarkerScale
from .subjects import Subjects

CONTROL, TREATED, RATIO = "control", "treated", "treated / control"
#: Models of the treatment effect over a marker.
LINE, CURVE, LEVELS = "line", "curve", "levels"
#: Quantiles of the marker at which the pieces of a curve meet [1]_.
_KNOTS = (0.05, 0.35, 0.65, 0.95)
#: Quantiles of the marker between which effects are given, and at how many values.
_RANGE, _POINTS = (0.025, 0.975), 41
#: Distinct values up to which the effect is given at each.
_FEW = 6

Row = dict[str, Any]


class MarkerTest:
    """Test of one marker, and the effects that belong to it.

    Parameters
    ----------
    key : dict
        Endpoint and marker, which every row begins with.
    marker : Marker
    subjects : Subjects
        Those in whom the marker is tested.
    scale : str
        "measured" or "ranks".
    confidence : float
        Level of the intervals, which are Wald's.

    References
    ----------
    .. [1] Harrell, F. E. (2015). Regression Modeling Strategies, 2nd ed., section
           2.4.6. https://doi.org/10.1007/978-3-319-19425-7
    """

    def __init__(
        self,
        key: Row,
        marker: Marker,
        subjects: Subjects,
        scale: str,
        confidence: float,
    ) -> None:
        self._key, self._marker, self._subjects = key, marker, subjects
        self._ranks, self._quantile = (
            scale == "ranks",
            float(ndtri((1 + confidence) / 2)),
        )

    def interaction(self) -> Row:
        """Row of kind "interaction" without what depends on other markers."""
        line, why = self._line
        curve, why_no_curve = self._curve
        return {
            **self._key,
            **self._subjects.counts(),
            "step": self._scale.step if line and self._is_number else np.nan,
            **_tested("", line),
            "reason": why or None,
            **_tested("curve_", curve),
            "curve_reason": why_no_curve or None,
        }

    def marker_effects(self) -> Iterator[Row]:
        """Rows of kind "marker_effects": of controls, of the treated, the ratio."""
        line, why = self._line
        for place, term in enumerate(self._terms):
            effects = {
                CONTROL: line.marker_effect(place, 0.0) if line else None,
                TREATED: line.marker_effect(place, 1.0) if line else None,
                RATIO: line.interaction(place) if line else None,
            }
            for among, effect in effects.items():
                yield {
                    **self._key,
                    "term": term,
                    "among": among,
                    **self._effect(effect),
                    "reason": why or None,
                }

    def treatment_effects(self) -> Iterator[Row]:
        """Rows of kind "treatment_effect": over the range of the marker."""
        line, _ = self._line
        if line is not None and not self._is_number:
            yield from self._at_levels(line)
        elif line is not None:
            yield from self._over_range(LINE, line, lambda z: z[:, None])
            curve, _ = self._curve
            if curve is not None:
                yield from self._over_range(CURVE, curve, self._pieces)

    def values(self) -> Iterator[Row]:
        """Rows of kind "marker_values": of each subject, if the marker is a number."""
        if not self._is_number:
            return
        found = self._subjects
        for subject, treated, value in zip(
            found.ids, found.treatment, found.marker[:, 0], strict=True
        ):
            yield {
                **self._key,
                "subject_id": subject,
                "treated": bool(treated == 1),
                "value": float(value),
            }

    @property
    def _is_number(self) -> bool:
        return not self._marker.levels

    @property
    def _terms(self) -> list[str]:
        return [str(name) for name in self._marker.values]

    @cached_property
    def _scale(self) -> MarkerScale:
        values = self._subjects.marker[:, 0]
        return (
            MarkerScale.ranks(values) if self._ranks else MarkerScale.standard(values)
        )

    @cached_property
    def _scaled(self) -> np.ndarray:
        """Columns of the marker as the models take them, shape (n, k)."""
        if not self._is_number:
            return self._subjects.marker
        return self._scale.of(self._subjects.marker)

    @cached_property
    def _line(self) -> tuple[Nested | None, str]:
        """Nested models that are linear in the marker, or why there are none."""
        found = self._subjects
        treated = int(found.treatment.sum())
        if not 0 < treated < found.n:
            return None, f"{treated} of {found.n} subjects were treated"
        return self._nested(self._scaled, self._terms)

    @cached_property
    def _curve(self) -> tuple[Nested | None, str]:
        """Nested models with a restricted cubic spline of the marker, or why not."""
        if self._line[0] is None:
            return None, "the line has no test"
        if not self._is_number or len(self._knots) < len(_KNOTS):
            return None, "too few distinct values for a curve"
        pieces = self._pieces(self._scaled[:, 0])
        names = [f"{self._terms[0]}, part {n}" for n in range(1, pieces.shape[1] + 1)]
        return self._nested(pieces, names)

    @cached_property
    def _knots(self) -> np.ndarray:
        return np.unique(np.quantile(self._scaled[:, 0], _KNOTS))

    def _pieces(self, scaled: np.ndarray) -> np.ndarray:
        return natural_spline(scaled, self._knots.tolist())

    def _nested(
        self, columns: np.ndarray, names: list[str]
    ) -> tuple[Nested | None, str]:
        try:
            return Nested.of(self._subjects, columns, names), ""
        except FitError as error:
            return None, str(error)

    def _over_range(
        self, model: str, nested: Nested, columns: Callable[[np.ndarray], np.ndarray]
    ) -> Iterator[Row]:
        values = self._points()
        for value, row in zip(values, columns(self._scale.of(values)), strict=True):
            yield {
                **self._key,
                "model": model,
                "marker_level": None,
                "value": float(value),
                **self._effect(nested.treatment_effect(row)),
            }

    def _points(self) -> np.ndarray:
        """Values of the marker at which the effect is given, ascending."""
        scale = self._scale
        if len(scale.values) <= _FEW:
            return scale.values
        ends = np.quantile(self._scaled[:, 0], _RANGE)
        places = np.linspace(ends[0], ends[1], _POINTS)
        return np.asarray(np.interp(places, scale.scaled, scale.values))

    def _at_levels(self, nested: Nested) -> Iterator[Row]:
        """Treatment effect at each level of a category."""
        n_columns = len(self._terms)
        marked = np.vstack([np.zeros(n_columns), np.eye(n_columns)])
        for level, row in zip(self._marker.levels, marked, strict=True):
            yield {
                **self._key,
                "model": LEVELS,
                "marker_level": level,
                "value": np.nan,
                **self._effect(nested.treatment_effect(row)),
            }

    def _effect(self, found: tuple[float, float] | None) -> Row:
        """Ratio with its interval, of a log ratio and its standard error."""
        log_ratio, error = found or (np.nan, np.nan)
        margin = self._quantile * error
        return {
            "log_ratio": log_ratio,
            "standard_error": error,
            "ratio": float(np.exp(log_ratio)),
            "lower": float(np.exp(log_ratio - margin)),
            "upper": float(np.exp(log_ratio + margin)),
        }


def _tested(prefix: str, nested: Nested | None) -> Row:
    return {
        f"{prefix}df": nested.df if nested else None,
        f"{prefix}chi_squared": nested.chi_squared if nested else np.nan,
        f"{prefix}p_value": nested.p_value if nested else np.nan,
    }
