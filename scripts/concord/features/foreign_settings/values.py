"""Values of a settings file, checked: each function gives the value or a ValueError."""

import math
from typing import Any


def number(value: Any) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"is {value!r}, expected a number")
    if not math.isfinite(value):
        raise ValueError(f"is {value!r}, expected a finite number")
    return float(value)


def positive(value: Any) -> float:
    """A number above 0."""
    found = number(value)
    if found <= 0:
        raise ValueError(f"is {value!r}, expected a number above 0")
    return found


def whole(value: Any) -> int:
    """A whole number, 0 or more."""
    found = number(value)
    if found != int(found) or found < 0:
        raise ValueError(f"is {value!r}, expected a whole number, 0 or more")
    return int(found)


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"is {value!r}, expected true or false")
    return value


def text(value: Any) -> str:
    """A word."""
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}, expected a word")
    return value


def listed(value: Any) -> list[Any]:
    """One value or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def numbers(value: Any) -> list[float]:
    """One number or several, as a list."""
    return [number(one) for one in listed(value)]


def positives(value: Any) -> list[float]:
    """One number above 0 or several, as a list."""
    return [positive(one) for one in listed(value)]


def bounds(value: Any) -> tuple[float | None, float | None]:
    """Lowest and highest value; one alone is the lowest, NaN is open."""
    found = listed(value)
    if not 1 <= len(found) <= 2:
        raise ValueError(f"is {value!r}, expected one or two numbers")
    low, high = (_open(one) for one in [*found, None][:2])
    return low, high


def _open(value: Any) -> float | None:
    """A bound; None if there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return number(value)


def section(value: Any) -> dict[str, Any]:
    """A section of settings by name; one that is empty has none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"is {value!r}, expected a section of names and values")
    return {str(name): one for name, one in value.items()}
