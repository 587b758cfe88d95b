"""Changes of a site's scanners while the study ran: facts by order of scanning.

References
----------
.. [1] Mood, A. M. (1940). "The distribution theory of runs". Ann Math Stat, 11,
       367-392. https://doi.org/10.1214/aoms/1177731825
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ...tables.acquisition_columns import ACQUISITION
from ..faults.rows import IMAGE_KEYS
from .dates import order_of_scanning
from .protocol import shown

#: Facts of the patient or of the export, not of the scanner.
NOT_OF_THE_SCANNER = frozenset(
    {
        "days_since_baseline",
        "BodyWeight",
        "n_slices",
        "TransferSyntax",
        "LossyImageCompressionRatio",
    }
)

#: With fewer scans, order tells nothing.
LEAST_SCANS = 10

#: More periods than this are counted, not listed.
MOST_PERIODS = 6


def drift(acquisition: pd.DataFrame, scanned: pd.DataFrame) -> list[dict[str, Any]]:
    """Course of each fact of a site's scans over the order in which they were made.

    Only the order is used: a date stands neither in the result nor can it be told
    from it.

    Parameters
    ----------
    acquisition, scanned : DataFrame
        Table kinds "acquisition" and "dates".

    Returns
    -------
    list of dict
        Rows of table kind "drift": one per site, image and fact that takes more
        than one value there.
    """
    keys = [*IMAGE_KEYS]
    placed = scanned[keys].assign(place=order_of_scanning(scanned))
    table = acquisition.merge(placed, on=keys, how="left").sort_values(
        ["site", "image", "place", *keys], kind="stable"
    )
    facts = [name for name in ACQUISITION if name not in NOT_OF_THE_SCANNER]
    return [
        {"site": site, "image": image, "fact": name} | found
        for (site, image), part in table.groupby(["site", "image"], sort=True)
        for name in facts
        if (found := _course(part[["place", name]].dropna(), name)) is not None
    ]


def _course(rows: pd.DataFrame, name: str) -> dict[str, Any] | None:
    """One fact over the order of scanning; None if it never changes."""
    number = ACQUISITION[name].dtype in ("float64", "Int64")
    values = [shown(value) for value in rows[name].tolist()]
    n_values = len(set(values))
    if n_values < 2:
        return None
    periods = [(value, len(list(group))) for value, group in groupby(values)]
    trend, p_value = math.nan, math.nan
    if number and len(rows) >= LEAST_SCANS:
        result = stats.spearmanr(rows["place"], rows[name].astype(float))
        trend, p_value = float(result.statistic), float(result.pvalue)
    elif len(rows) >= LEAST_SCANS:
        p_value = few_runs_p(values)
    return {
        "n": len(values),
        "n_values": n_values,
        "n_changes": len(periods) - 1,
        "pattern": _pattern(periods, n_values, number and n_values > len(values) / 2),
        "course": _periods(periods),
        "trend": trend,
        "p_value": p_value,
    }


def few_runs_p(values: Sequence[str]) -> float:
    """Chance of as few runs of equal values as these or fewer, in random order.

    Parameters
    ----------
    values : sequence of str, length n
        Values in the order of scanning, two or more different ones.

    Returns
    -------
    float
        One-sided, by the normal approximation of the number of runs of k kinds with
        correction for continuity [1]_; NaN if every order has the same number.
    """
    runs = sum(1 for _ in groupby(values))
    counts = np.unique(np.asarray(values), return_counts=True)[1].astype(float)
    n, squares, cubes = counts.sum(), (counts**2).sum(), (counts**3).sum()
    mean = 1 + (n**2 - squares) / n
    variance = squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3
    variance /= n**2 * (n - 1)
    if variance <= 0:
        return math.nan
    return float(stats.norm.cdf((runs + 0.5 - mean) / math.sqrt(variance)))


def _pattern(periods: Sequence[tuple[str, int]], n_values: int, steady: bool) -> str:
    if steady:
        return "varying"
    return "switched" if len(periods) == n_values else "alternating"


def _periods(periods: Sequence[tuple[str, int]]) -> str | None:
    """Values with the scans they were used for, as STANDARD (1 to 19), SOFT (20)."""
    if len(periods) > MOST_PERIODS:
        return None
    parts, last = [], 0
    for value, count in periods:
        first, last = last + 1, last + count
        parts.append(
            f"{value} ({first} to {last})" if count > 1 else f"{value} ({last})"
        )
    return ", ".join(parts)
