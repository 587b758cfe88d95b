"""Values of an equation: terms, scores and risks of one subject."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...models.steps.published_functions import apply
from .terms import BatchLine, BatchVariable, Equation, Term, Transform

#: Value of each predictor by its column, NaN if missing; labels of batches, group.
Subject = Mapping[str, Any]


def transformed(transform: Transform, values: np.ndarray) -> np.ndarray:
    """Transform of measured values (n,), NaN where they are."""
    values = np.asarray(values, dtype=float)
    if transform.kind == "log":
        return np.log(np.maximum(values, transform.floor or 0.0))
    if transform.kind == "signed_log":
        return np.sign(values) * np.log1p(np.abs(values) / (transform.scale or 1.0))
    if transform.kind == "normal_score":
        return np.interp(values, transform.values, transform.scores)
    if transform.function is not None:
        return apply(transform.function, values + transform.shift)
    return values


def term_value(term: Term, equation: Equation, subject: Subject) -> float:
    """Value that the weight of a term is multiplied by."""
    if term.kind == "group":
        return float(f"group={subject.get('group')}" == term.column)
    measured = float(subject.get(term.column, np.nan))
    value = float(transformed(term.transform, np.asarray(measured)))
    if term.transform.kind == "published" and not np.isnan(measured):
        # Outside the domain of the function nothing takes the place of the value.
        return value
    for variable in equation.batches:
        line = _line_of(variable, term.column, subject)
        if line is not None:
            value = line.multiplier * value + line.offset
            value += sum(_of_covariates(line, variable, subject))
    if term.kind == "gap":
        return float(np.isnan(value))
    if np.isnan(value) and term.filling is not None:
        return term.filling
    return value


def _of_covariates(
    line: BatchLine, variable: BatchVariable, subject: Subject
) -> Iterator[float]:
    """Parts of a line that follow kept covariates."""
    for name, part in line.covariates.items():
        value = subject.get(name, np.nan)
        value = variable.filling[name] if np.isnan(value) else value
        yield part.slope * value
        yield sum(weight * max(value - knot, 0.0) ** 3 for knot, weight in part.bends)


def score(equation: Equation, subject: Subject) -> float:
    """Score of a subject who has enough predictors and an accepted batch."""
    if equation.members:
        return _fused(equation, subject)
    parts = [one.weight * term_value(one, equation, subject) for one in equation.terms]
    return float(equation.intercept + sum(parts))


def _fused(equation: Equation, subject: Subject) -> float:
    total, present = equation.intercept, 0
    parts = []
    for one in equation.members.values():
        own = score(one.equation, subject)
        if np.isfinite(own):
            present += 1
            parts.append(one.weight * (own - one.mean) / one.sd if one.sd > 0 else 0.0)
    if not present:
        return float("nan")
    share = len(equation.members) / present if equation.rule == "mean" else 1.0
    return float(total + share * sum(parts))


def _line_of(
    variable: BatchVariable, column: str, subject: Subject
) -> BatchLine | None:
    lines = variable.lines.get(str(subject.get(variable.column)), {})
    return lines.get(column)
