"""Lines of a printed equation that remove the effects of known batches."""

from collections.abc import Iterator

from .digits import MOST
from .markdown import cell, code
from .symbols import Symbols, number, signed
from .terms import BatchLine, Equation


def batch_lines(equation: Equation, symbols: Symbols, digits: int) -> Iterator[str]:
    """Section on batches, as Markdown; empty if nothing is harmonized."""
    if not equation.batches:
        return
    yield from ("## Batches", "", _POLICY[equation.unseen or "refuse"], "")
    for variable in equation.batches:
        for name, value in variable.filling.items():
            if name in symbols.number:
                told = number(value, digits)
                x = symbols.raw(name)
                yield f"In these lines a missing {x} counts as {told}."
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


def _line(column: str, line: BatchLine, symbols: Symbols, digits: int) -> str:
    symbol = symbols.value(column)
    parts = [
        f"{number(line.multiplier, digits)} * {symbol}",
        signed(line.offset, digits),
    ]
    for name, part in line.covariates.items():
        x = symbols.raw(name)
        parts.append(f"{signed(part.slope, MOST)} * {x}")
        for knot, weight in part.bends:
            bend = f"max({x} - {number(knot, MOST)}, 0)^3"
            parts.append(f"{signed(weight, MOST)} * {bend}")
    return " ".join(parts).replace("- -", "+ ")
