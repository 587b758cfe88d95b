"""Digits with which a printed equation gives the score."""

import math

import numpy as np

from ..document import FrozenModel
from . import evaluation
from .terms import Equation, Term

#: Rounding of the printed numbers moves a score by less than this share of its SD.
PRECISION = 1e-8
_LEAST, MOST = 6, 17


def digits_of(equation: Equation, document: FrozenModel) -> int:
    """Significant digits with which the printed equation gives the score."""
    spread = document.estimates.spread or 1.0
    needed = [_digits(equation, document, spread)]
    for one in equation.members.values():
        own = spread * (one.sd or 1.0) / max(abs(one.weight), 1e-6)
        needed.append(_digits(one.equation, document, own))
    return max(needed)


def _digits(equation: Equation, document: FrozenModel, spread: float) -> int:
    largest = abs(equation.intercept) + 1.0
    for term in equation.terms:
        largest += abs(term.weight) * _size(term, equation, document)
    found = math.ceil(math.log10(largest / (PRECISION * spread))) + 1
    return min(max(found, _LEAST), MOST)


def _size(term: Term, equation: Equation, document: FrozenModel) -> float:
    """Largest number that is added up in the value of a term."""
    known = document.applicability.ranges.get(term.column)
    ends = np.array([known.lowest, known.highest]) if known else np.ones(1)
    value = np.abs(evaluation.transformed(term.transform, ends)).max() + 1.0
    for variable in equation.batches:
        for lines in variable.lines.values():
            line = lines.get(term.column)
            if line is not None:
                value = max(value, line.multiplier * value) + abs(line.offset)
    return float(max(value, abs(term.filling or 0.0)))
