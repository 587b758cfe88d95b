"""The printed equation: Markdown from which a reader computes a score by hand."""

from collections.abc import Iterator

from ..document import FrozenModel
from .digits import MOST, digits_of
from .example import example_lines
from .markdown import cell, code, table
from .risks import baseline_lines
from .symbols import Symbols, number, signed
from .terms import Equation, Term
from .unbatched import batch_lines
from .words import predictor_words, words_of_range


def equation_page(document: FrozenModel) -> str:
    """Equation of a frozen model, or why it has none, as Markdown."""
    lines = [f"# Equation of {cell(document.label)}", ""]
    equation = document.equation
    if equation is None:
        lines += [f"There is no equation: {document.equation_reason}.", ""]
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


def _single(
    equation: Equation, document: FrozenModel, digits: int, name: str
) -> Iterator[str]:
    symbols = Symbols(equation)
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
    yield from batch_lines(equation, symbols, digits)
    yield from _missing(equation, symbols, digits)
    yield from ("## Score", "")
    yield from code(_sum(equation, symbols, digits, name))


def _inputs(
    equation: Equation, document: FrozenModel, symbols: Symbols, digits: int
) -> Iterator[str]:
    yield from ("## Predictors", "")
    rows = []
    for column in symbols.number:
        known = document.applicability.ranges.get(column)
        span = words_of_range(known, 6)
        mean = "" if known is None or known.mean is None else number(known.mean, digits)
        words = predictor_words(column, document)
        rows.append([symbols.raw(column), *words, span, mean])
    head = ["symbol", "predictor", "unit", "range in development", "mean"]
    yield from table(head, rows)


def _function(term: Term, symbol: str, digits: int) -> str:
    function = term.transform
    if function.kind == "log":
        return f"ln(max({symbol}, {number(function.floor or 0.0, digits)}))"
    if function.kind == "signed_log":
        unit = number(function.scale or 1.0, digits)
        return f"sign({symbol}) * ln(1 + abs({symbol}) / {unit})"
    if function.function is not None:
        moved = f"{symbol} {signed(function.shift, MOST)}" if function.shift else symbol
        return _PUBLISHED[function.function].format(moved)
    return f"normal_score({symbol})" if function.kind == "normal_score" else symbol


#: Functions of publications; their names are those of numbers of any base.
_PUBLISHED = {
    "none": "{}",
    "log": "ln({})",
    "log2": "ln({}) / ln(2)",
    "log10": "ln({}) / ln(10)",
    "log1p": "ln(1 + {})",
    "square_root": "({})^0.5",
    "square": "({})^2",
    "reciprocal": "1 / ({})",
}


def _knots(symbol: str, term: Term) -> Iterator[str]:
    yield f"`normal_score({symbol})` is read off this table; between its values it is "
    yield "interpolated linearly, beyond them it stays as at the ends."
    yield ""
    pairs = zip(term.transform.values, term.transform.scores, strict=True)
    yield from table([symbol, "score"], [[repr(v), repr(s)] for v, s in pairs])


def _missing(equation: Equation, symbols: Symbols, digits: int) -> Iterator[str]:
    yield from ("## Missing values", "")
    filled = {t.column: t.filling for t in equation.terms if t.kind != "gap"}
    rows = [
        [
            symbols.raw(n),
            f"{symbols.value(n)} = {number(v, digits)}"
            if v is not None
            else "no score",
        ]
        for n, v in filled.items()
    ]
    yield from table(["if missing", "then"], rows)
    if any(one.transform.function for one in equation.terms):
        yield from ("A value outside the domain of its function has no score.", "")
    for one in equation.required:
        if one.columns:
            yield (
                f"- no score if more than {one.accepted} of {len(one.columns)} are "
                f"missing: {', '.join(cell(n) for n in one.columns)}"
            )
    yield ""


def _sum(equation: Equation, symbols: Symbols, digits: int, name: str) -> Iterator[str]:
    yield f"{name} = {number(equation.intercept, digits)}"
    for one in equation.terms:
        symbol = symbols.value(one.column)
        if one.kind == "gap":
            symbol = f"missing({symbols.raw(one.column)})"
        yield f"  {signed(one.weight, digits)} * {symbol}"


def _of_members(
    equation: Equation, document: FrozenModel, digits: int
) -> Iterator[str]:
    for place, (name, one) in enumerate(equation.members.items(), 1):
        yield from (f"# Member {place}: {cell(name)}", "")
        yield from _single(one.equation, document, digits, f"score{place}")
    yield from ("# Members together", "", _RULES[equation.rule or "stacking"], "")

    def lines() -> Iterator[str]:
        yield f"score = {number(equation.intercept, digits)}"
        for place, one in enumerate(equation.members.values(), 1):
            mean, sd = number(one.mean, digits), number(one.sd or 1, digits)
            own = f"(score{place} - {mean}) / {sd}"
            weight = one.weight if one.sd > 0 else 0.0
            yield f"  {signed(weight, digits)} * {own}"

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
    cuts = [["risk group", number(cut, digits)] for cut in found.cuts]
    rules = [[name, number(value, digits)] for name, value in found.thresholds.items()]
    yield from table(["rule", "score"], [*cuts, *rules])
    yield from example_lines(equation, document, digits)
