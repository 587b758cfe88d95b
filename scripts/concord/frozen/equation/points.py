"""Points of a nomogram: the terms of an equation on one common scale.

The term whose contributions differ most over its range in development spans 100
points; each term begins at 0 points, as in the R package rms (Harrell, F. E. (2015).
"Regression Modeling Strategies". https://doi.org/10.1007/978-3-319-19425-7).
"""

from dataclasses import dataclass

import numpy as np

from ...errors import StudyError
from ..document import FrozenModel
from .evaluation import transformed
from .terms import Equation, Term, Transform
from .words import predictor_words

MOST_TERMS = 10
MOST_POINTS = 100.0


@dataclass(frozen=True)
class Axis:
    """One predictor: what its values contribute to the score.

    A number has a term, a category marks: the contribution of each level.
    """

    name: str
    unit: str
    weight: float
    lowest: float
    highest: float
    transform: Transform
    marks: tuple[tuple[str, float], ...] = ()

    def contributions(self, values: np.ndarray) -> np.ndarray:
        """Part (n,) of the score by values in raw units."""
        return self.weight * transformed(self.transform, values)

    @property
    def ends(self) -> tuple[float, float]:
        """Smallest and largest contribution."""
        if self.marks:
            found = np.array([part for _, part in self.marks])
        else:
            found = self.contributions(np.array([self.lowest, self.highest]))
        return float(found.min()), float(found.max())


@dataclass(frozen=True)
class Scale:
    """Axes, and the line between total points and score."""

    axes: tuple[Axis, ...]
    score_at_zero: float
    per_point: float

    def points(self, axis: Axis, contributions: np.ndarray) -> np.ndarray:
        """Points (n,) of contributions of one axis."""
        return (np.asarray(contributions) - axis.ends[0]) / self.per_point

    def scores(self, totals: np.ndarray) -> np.ndarray:
        """Scores (n,) at total points."""
        return self.score_at_zero + self.per_point * np.asarray(totals)

    @property
    def most(self) -> float:
        """Largest total."""
        return sum(one.ends[1] - one.ends[0] for one in self.axes) / self.per_point


def scale_of(document: FrozenModel) -> Scale:
    """Axes of all terms; StudyError with the reason if there is no nomogram."""
    equation = document.equation
    if equation is None:
        raise StudyError("the score is no equation")
    if equation.members:
        raise StudyError(
            "members of a fused arm are standardized before they are added"
        )
    axes = _axes(equation, document)
    if not 0 < len(axes) <= MOST_TERMS:
        raise StudyError(f"{len(axes)} terms, drawn are 1 to {MOST_TERMS}")
    return of_axes(axes, equation.intercept)


def of_axes(axes: list[Axis], intercept: float) -> Scale:
    """Scale on which the axis with the widest contributions has 100 points."""
    widest = max(one.ends[1] - one.ends[0] for one in axes)
    if widest <= 0:
        raise StudyError("no predictor differs in development")
    least = sum(one.ends[0] for one in axes)
    return Scale(tuple(axes), intercept + least, widest / MOST_POINTS)


def why_no_nomogram(document: FrozenModel) -> str:
    """Reason why a model has no nomogram; empty if it has one."""
    try:
        scale_of(document)
    except StudyError as error:
        return str(error)
    return ""


def _axes(equation: Equation, document: FrozenModel) -> list[Axis]:
    axes: list[Axis] = []
    levels: dict[str, list[tuple[str, float]]] = {}
    for term in equation.terms:
        if term.kind == "gap":
            continue
        name, is_level, level = term.column.partition("=")
        if is_level and term.kind != "feature":
            levels.setdefault(name, []).append((level, term.weight))
        else:
            axes.append(_of_number(term, document))
    for name, marks in levels.items():
        axes.append(_of_category(name, marks, document))
    return axes


def _of_number(term: Term, document: FrozenModel) -> Axis:
    known = document.applicability.ranges.get(term.column)
    if known is None:
        raise StudyError(f"the range of {term.column} in development is not known")
    if not _rises(term.transform, known.lowest, known.highest):
        raise StudyError(f"the function of {term.column} turns within its range")
    words, unit = predictor_words(term.column, document)
    own = document.features.get(term.column)
    if own is not None:
        words = f"{own.feature.replace('_', ' ')}, {own.image} {own.region}"
    return Axis(words, unit, term.weight, known.lowest, known.highest, term.transform)


def _rises(transform: Transform, lowest: float, highest: float) -> bool:
    """True unless a published function turns, or is not defined, within a range."""
    if transform.function is None:
        return True
    ends = np.array([lowest, highest]) + transform.shift
    if transform.function in ("square", "reciprocal") and ends[0] < 0 < ends[1]:
        return False
    return bool(np.isfinite(transformed(transform, np.array([lowest, highest]))).all())


def _of_category(
    name: str, marks: list[tuple[str, float]], document: FrozenModel
) -> Axis:
    own = document.covariates.get(name.removeprefix("covariate."))
    every = own.levels if own is not None else []
    known = dict(marks)
    # A level without a term of its own counts as the reference.
    other = [(level, 0.0) for level in every if level not in known]
    rest = other or [("other", 0.0)]
    label = predictor_words(name, document)[0]
    return Axis(label, "", 0.0, 0.0, 0.0, Transform(), (*rest, *marks))
