"""Symbols and numbers of a printed equation."""

from .terms import Equation


class Symbols:
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


def number(value: float, digits: int) -> str:
    """A number with some significant digits."""
    return f"{value:.{digits}g}"


def signed(value: float, digits: int) -> str:
    """A number that follows others, behind its sign."""
    return f"{'-' if value < 0 else '+'} {abs(value):.{digits}g}"
