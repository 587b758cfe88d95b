"""Predictors outside their range in development.

Of patients exchangeable with the n subjects of development, a predictor of a
continuous distribution lies outside in 2/(n + 1), and one of k in about 2k/(n + 1).
"""

from collections.abc import Iterator, Mapping

import numpy as np

from ..development import ColumnSummary
from .flags import Raised, shown


def out_of_range(
    values: Mapping[str, float],
    ranges: Mapping[str, ColumnSummary],
    units: Mapping[str, str],
    margin: float,
) -> Iterator[Raised]:
    """Flags of the predictors of one subject that lie outside their range.

    Parameters
    ----------
    values : mapping
        Predictors as measured, by name; NaN is not judged.
    ranges : mapping
        Distribution of each in development.
    units : mapping
        Unit of those that have one.
    margin : float
        Share of the width of the range; within it, the flag is mild.
    """
    for name, known in ranges.items():
        value = values.get(name, np.nan)
        beyond = max(known.lowest - value, value - known.highest)
        if np.isnan(value) or not beyond > 0:
            continue
        unit = units.get(name, "")
        yield Raised(
            "out_of_range",
            name,
            shown(value, unit),
            f"{shown(known.lowest)} to {shown(known.highest, unit)} as in development "
            f"(n = {known.n}), or within {100 * margin:g} % of its width",
            mild=bool(beyond <= margin * (known.highest - known.lowest)),
        )


def chance(ranges: Mapping[str, ColumnSummary]) -> float:
    """Share of exchangeable subjects, at most, with a predictor outside its range.

    The sum over predictors of 2/(n + 1), with the subjects n that have each; predictors
    that hang together, or of few values, are outside less often.
    """
    return float(min(1.0, sum(2.0 / (known.n + 1) for known in ranges.values())))
