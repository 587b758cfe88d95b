"""The printed equation: Markdown from which a reader computes a score by hand."""

import math
from collections.abc import Iterator

from ..document import FrozenModel
from . import evaluation
from .collapse import why_none
from .digits import MOST, digits_of
from .markdown import cell, code, table
from .risks import baseline_lines, risk_at
from .terms import BatchLine, Equation, Term
from .words import predictor_words


def equation_page(document: FrozenModel) -> str:
    """Equation of a frozen model, or why it has none, as Markdown."""
    lines = [f"# Equation of {cell(document.label)}", ""]
    equation = document.equation
    if equation is None:
        lines += [f"There is no equation: {why_none(document.estimates)}.", ""]
        return "\n".join(lines)
    lines += [_OPENING.format(hash=document.hash[:12]), ""]
    digits = digits_of(equation, document)
    if equation.members:
        lines += _of_members(equation, document, digits)
    else:
        lines += _single(equation, document, digits, "score")
    lines += _after(equation, document, digits)
    return "\n".join(lines).rstrip() + "\n"


_OPENING = (
    "Everything that model.json ({hash}) does to the measured values of a subject, "
    "exactly, in their own units. `ln` is the natural logarithm, `^` a power. Numbers "
    "are rounded so that no score moves by more than a millionth of its SD."
)


class _Symbols:
    """Symbols of predictors, x1 and so on, in the order of the terms."""

    def __init__(self, equation: Equation) -> None:
        kept = [n for one in equation.batches for n in one.filling]
        used = [n for n in kept if _uses(equation, n)]
        columns = [one.column for one in equation.terms]
        self.number = {n: i for i, n in enumerate(dict.fromkeys([*columns, *used]), 1)}

    def raw(self, column: str) -> str:
        return f"x{self.number[column]}"

    def value(self, column: str) -> str:
        return f"h{self.number[column]}"


def _uses(equation: Equation, column: str) -> bool:
    return any(
        column in line.covariates
        for one in equation.batches
        for lines in one.lines.values()
        for line in lines.values()
    )


def _single(
    equation: Equation, document: FrozenModel, digits: int, name: str
) -> Iterator[str]:
    symbols = _Symbols(equation)
    yield from _inputs(equation, document, symbols, digits)
    valued = {t.column: t for t in equation.terms if t.kind != "gap"}
    yield from ("## Values", "")
    if valued:
        yield from code(
            f"{symbols.value(n)} = {_function(t, symbols.raw(n), digits)}"
            for n, t in valued.items()
        )
    for n, t in valued.items():
        if t.transform.kind == "normal_score":
            yield from _knots(symbols.raw(n), t)
    yield from _batches(equation, symbols, digits)
    yield from _missing(equation, symbols, digits)
    yield from ("## Score", "")
    yield from code(_sum(equation, symbols, digits, name))


def _inputs(
    equation: Equation, document: FrozenModel, symbols: _Symbols, digits: int
) -> Iterator[str]:
    yield from ("## Predictors", "")
    rows = []
    for column in symbols.number:
        known = document.applicability.ranges.get(column)
        span = f"{known.lowest:.6g} to {known.highest:.6g}" if known else ""
        mean = f"{known.mean:.{digits}g}" if known else ""
        words = predictor_words(column, document)
        rows.append([symbols.raw(column), *words, span, mean])
    head = ["symbol", "predictor", "unit", "range in development", "mean"]
    yield from table(head, rows)


def _function(term: Term, symbol: str, digits: int) -> str:
    function = term.transform
    if function.kind == "log":
        return f"ln(max({symbol}, {_n(function.floor or 0.0, digits)}))"
    if function.kind == "signed_log":
        unit = _n(function.scale or 1.0, digits)
        return f"sign({symbol}) * ln(1 + abs({symbol}) / {unit})"
    return f"normal_score({symbol})" if function.kind == "normal_score" else symbol


def _knots(symbol: str, term: Term) -> Iterator[str]:
    yield f"`normal_score({symbol})` is read off this table; between its values it is "
    yield "interpolated linearly, beyond them it stays as at the ends."
    yield ""
    pairs = zip(term.transform.values, term.transform.scores, strict=True)
    yield from table([symbol, "score"], [[repr(v), repr(s)] for v, s in pairs])


def _batches(equation: Equation, symbols: _Symbols, digits: int) -> Iterator[str]:
    if not equation.batches:
        return
    yield from ("## Batches", "", _POLICY[equation.unseen or "refuse"], "")
    for variable in equation.batches:
        for name, value in variable.filling.items():
            if name in symbols.number:
                number = _n(value, digits)
                x = symbols.raw(name)
                yield f"In these lines a missing {x} counts as {number}."
                yield ""
        for label, lines in variable.lines.items():
            yield from (f"### {variable.column} = {cell(label)}", "")
            known = {n: one for n, one in lines.items() if n in symbols.number}
            yield from code(
                f"{symbols.value(n)} = {_line(n, one, symbols, digits)}"
                for n, one in known.items()
            )


_POLICY = {
    "passthrough": "A subject of any other batch keeps the values as measured. Of a "
    "known one, the effect of the batch is removed, line after line:",
    "refuse": "A subject of a batch that is not named here has no score. The effect of "
    "the batch is removed, line after line:",
    "adapt": "A subject of a batch that is not named here is scored by Concord alone, "
    "after others of the batch have adapted the harmonization. Of a known one, the "
    "effect of the batch is removed, line after line:",
}


def _line(column: str, line: BatchLine, symbols: _Symbols, digits: int) -> str:
    symbol = symbols.value(column)
    parts = [f"{_n(line.multiplier, digits)} * {symbol}", _signed(line.offset, digits)]
    for name, part in line.covariates.items():
        x = symbols.raw(name)
        parts.append(f"{_signed(part.slope, MOST)} * {x}")
        for knot, weight in part.bends:
            bend = f"max({x} - {_n(knot, MOST)}, 0)^3"
            parts.append(f"{_signed(weight, MOST)} * {bend}")
    return " ".join(parts).replace("- -", "+ ")


def _missing(equation: Equation, symbols: _Symbols, digits: int) -> Iterator[str]:
    yield from ("## Missing values", "")
    filled = {t.column: t.filling for t in equation.terms if t.kind != "gap"}
    rows = [
        [
            symbols.raw(n),
            f"{symbols.value(n)} = {_n(v, digits)}" if v is not None else "no score",
        ]
        for n, v in filled.items()
    ]
    yield from table(["if missing", "then"], rows)
    for one in equation.required:
        if one.columns:
            yield (
                f"- no score if more than {one.accepted} of {len(one.columns)} are "
                f"missing: {', '.join(cell(n) for n in one.columns)}"
            )
    yield ""


def _sum(
    equation: Equation, symbols: _Symbols, digits: int, name: str
) -> Iterator[str]:
    yield f"{name} = {_n(equation.intercept, digits)}"
    for one in equation.terms:
        symbol = symbols.value(one.column)
        if one.kind == "gap":
            symbol = f"missing({symbols.raw(one.column)})"
        yield f"  {_signed(one.weight, digits)} * {symbol}"


def _of_members(
    equation: Equation, document: FrozenModel, digits: int
) -> Iterator[str]:
    for number, (name, one) in enumerate(equation.members.items(), 1):
        yield from (f"# Member {number}: {cell(name)}", "")
        yield from _single(one.equation, document, digits, f"score{number}")
    yield from ("# Members together", "", _RULES[equation.rule or "stacking"], "")

    def lines() -> Iterator[str]:
        yield f"score = {_n(equation.intercept, digits)}"
        for number, one in enumerate(equation.members.values(), 1):
            own = (
                f"(score{number} - {_n(one.mean, digits)}) / {_n(one.sd or 1, digits)}"
            )
            weight = one.weight if one.sd > 0 else 0.0
            yield f"  {_signed(weight, digits)} * {own}"

    yield from code(lines())


_RULES = {
    "mean": "A subject without one of the members: leave its summand out, and multiply "
    "the sum of the others by the number of members over that of those left.",
    "stacking": "A subject without one of the members: leave its summand out.",
}


def _after(equation: Equation, document: FrozenModel, digits: int) -> Iterator[str]:
    found = document.estimates
    if equation.has_probability:
        yield from ("## Probability", "")
        yield from code(["probability = 1 / (1 + exp(-score))"])
    else:
        yield from baseline_lines(document)
    yield from ("## Cut-offs", "", "Scores above a cut belong to the higher group.", "")
    cuts = [["risk group", _n(cut, digits)] for cut in found.cuts]
    rules = [[name, _n(value, digits)] for name, value in found.thresholds.items()]
    yield from table(["rule", "score"], [*cuts, *rules])
    yield from _example(equation, document, digits)


def average_subject(document: FrozenModel) -> dict[str, float]:
    """Means of development as a fictitious subject, of a batch that is not known."""
    ranges = document.applicability.ranges
    return {name: one.mean for name, one in ranges.items() if "=" not in name} | {
        name: 0.0 for name in ranges if name.startswith("covariate.") and "=" in name
    }


def _example(equation: Equation, document: FrozenModel, digits: int) -> Iterator[str]:
    subject = average_subject(document)
    total = evaluation.score(equation, subject)
    yield from ("## Worked example", "", _EXAMPLE, "")
    rows = []
    for one in equation.terms:
        value = evaluation.term_value(one, equation, subject)
        name = predictor_words(one.column, document)[0]
        product = one.weight * value
        rows.append([name, _n(one.weight, digits), _n(value, digits), _n(product, 8)])
    if rows:
        yield from table(["predictor", "weight", "value", "product"], rows)
    yield f"score = {_n(total, 8)}"
    if equation.has_probability:
        yield f"probability = {_n(1 / (1 + math.exp(-total)), 6)}"
    for day in document.outcome.at_days if not equation.has_probability else ():
        risk = risk_at(document, total, day)
        if math.isfinite(risk):
            yield f"risk by day {day:g} = {_n(risk, 6)}"
    yield ""


_EXAMPLE = (
    "A fictitious subject with the mean of development in every number, the reference "
    "level in every category, and no known batch. It is nobody's row."
)


def _n(value: float, digits: int) -> str:
    return f"{value:.{digits}g}"


def _signed(value: float, digits: int) -> str:
    return f"{'-' if value < 0 else '+'} {abs(value):.{digits}g}"
