"""One line of the table of what was expected and what was found."""

from typing import Any

from ...statistics.external.bounds import Bounded
from ..intervals import Interval

#: Quantities in the order of the table.
DISCRIMINATION = "discrimination"
MODEL_BASED = "model_based"
BEYOND = "beyond_model_based"
CORRECTED = "case_mix_corrected"
SD, MEAN = "sd_of_scores", "mean_of_scores"
MEMBERSHIP = "membership"
IN_THE_LARGE, SLOPE = "in_the_large", "slope"
RATIO, ICI = "observed_expected", "ici"

_NAN = float("nan")
NOTHING = Bounded(_NAN)


def of_interval(found: Interval) -> Bounded:
    """Estimate and bounds of an interval."""
    return Bounded(found.estimate, found.lower, found.upper)


def line(
    quantity: str,
    expected: Bounded = NOTHING,
    observed: Bounded = NOTHING,
    change: Bounded = NOTHING,
    **others: Any,
) -> dict[str, Any]:
    """Row of kind "external" without the columns that name the arm."""
    found: dict[str, Any] = {"quantity": quantity}
    parts = {"expected": expected, "observed": observed, "change": change}
    for name, part in parts.items():
        found |= {
            name: part.estimate,
            f"{name}_lower": part.lower,
            f"{name}_upper": part.upper,
        }
    return found | others


def reasons(*given: str | None) -> str | None:
    """Reasons that there are, each once."""
    return "; ".join(dict.fromkeys(one for one in given if one)) or None
