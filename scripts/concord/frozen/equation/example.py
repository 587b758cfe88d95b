"""Worked example of a printed equation: a fictitious subject."""

import math
from collections.abc import Iterator

from ..development import ColumnSummary
from ..document import FrozenModel
from . import evaluation
from .markdown import table
from .risks import risk_at
from .symbols import number
from .terms import Equation, Term
from .words import predictor_words

_EXAMPLE = (
    "A fictitious subject with the mean of development in every number (the middle of "
    "its range where no mean is known), the reference level in every category, and no "
    "known batch. It is nobody's row."
)
_NONE = "There is none: neither mean nor range in development are known of a predictor."


def average_subject(document: FrozenModel) -> dict[str, float]:
    """Means of development as a fictitious subject, of a batch that is not known."""
    ranges = document.applicability.ranges
    return {name: _middle(one) for name, one in ranges.items() if "=" not in name} | {
        term.column: 0.0
        for term in _terms(document.equation)
        if term.column.startswith("covariate.") and "=" in term.column
    }


def _terms(equation: Equation | None) -> Iterator[Term]:
    """Terms of an equation and of its members."""
    if equation is not None:
        yield from equation.terms
        for one in equation.members.values():
            yield from _terms(one.equation)


def _middle(known: ColumnSummary) -> float:
    if known.mean is not None:
        return known.mean
    return (known.lowest + known.highest) / 2


def example_lines(
    equation: Equation, document: FrozenModel, digits: int
) -> Iterator[str]:
    """Section on the worked example, as Markdown."""
    subject = average_subject(document)
    total = evaluation.score(equation, subject)
    yield from ("## Worked example", "")
    if not math.isfinite(total):
        yield from (_NONE, "")
        return
    yield from (_EXAMPLE, "")
    rows = []
    for one in equation.terms:
        value = evaluation.term_value(one, equation, subject)
        name = predictor_words(one.column, document)[0]
        parts = number(one.weight, digits), number(value, digits)
        rows.append([name, *parts, number(one.weight * value, 8)])
    if rows:
        yield from table(["predictor", "weight", "value", "product"], rows)
    yield f"score = {number(total, 8)}"
    yield from _told(equation, document, total)
    yield ""


def _told(equation: Equation, document: FrozenModel, total: float) -> Iterator[str]:
    """Lines with the probability, or the risks, at the score."""
    if equation.has_probability:
        yield f"probability = {number(1 / (1 + math.exp(-total)), 6)}"
        return
    for day in document.outcome.at_days:
        risk = risk_at(document, total, day)
        if math.isfinite(risk):
            yield f"risk by day {day:g} = {number(risk, 6)}"
