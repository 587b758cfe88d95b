"""A column of a table: type, unit, range and meaning."""

from dataclasses import dataclass, replace

INFINITE = float("inf")


@dataclass(frozen=True)
class Column:
    """One column of a table kind; `dtype` is string, Int64, float64 or bool.

    The cells of a required column are never empty; an optional one may be absent.
    """

    meaning: str
    dtype: str = "string"
    unit: str = ""
    lowest: float = -INFINITE
    highest: float = INFINITE
    required: bool = False
    optional: bool = False


def text(meaning: str, required: bool = False, optional: bool = False) -> Column:
    """A column of texts."""
    return Column(meaning, required=required, optional=optional)


def number(
    meaning: str, unit: str = "", low: float = -INFINITE, high: float = INFINITE
) -> Column:
    """A column of decimal numbers."""
    return Column(meaning, "float64", unit, low, high)


def count(meaning: str, unit: str = "", low: float = 0) -> Column:
    """A column of whole numbers."""
    return Column(meaning, "Int64", unit, low)


def flag(meaning: str) -> Column:
    """A column of True and False."""
    return Column(meaning, "bool")


def optional(column: Column) -> Column:
    """The column, which tables of the kind may lack."""
    return replace(column, optional=True)
