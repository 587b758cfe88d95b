"""Tables of the section on external validation."""

from collections.abc import Sequence

import pandas as pd

from ....evaluation.external import rows as lines
from ....evaluation.external.populations import APPLICABLE, SCORED
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results
from .external_values import DEBRAY, Compared, bounded, compared, when

_NOTE = (
    "Change = case mix + beyond. Case mix: what the spread of the scores alone allows "
    "here less what it allowed in development (model-based concordance, van Klaveren "
    "et al. 2016, doi:10.1002/sim.6997; Gönen and Heller 2005, "
    "doi:10.1093/biomet/92.4.965). If the model is right: the same as a value, which "
    "no outcome enters. Beyond: what is observed less that, compared with the same of "
    "development. Intervals take the models as they are."
)
_WORDS = {
    lines.DISCRIMINATION: "Discrimination",
    lines.MODEL_BASED: "Discrimination that the spread of the scores allows",
    lines.BEYOND: "Discrimination less that",
    lines.CORRECTED: "Discrimination, expected for this case mix",
    lines.SD: "SD of the scores (change: ratio)",
    lines.MEAN: "Mean of the scores",
    lines.MEMBERSHIP: "Membership c-statistic (expected: chance band)",
    lines.IN_THE_LARGE: "Calibration in the large",
    lines.SLOPE: "Calibration slope",
    lines.RATIO: "Observed / expected events",
    lines.ICI: "Mean distance from the ideal curve (ICI)",
}
#: Columns of values, or rows of the short table.
_VALUES = (
    *("Expected", "Observed", "Change", "Of it case mix", "Of it beyond"),
    *("Expected for this case mix", "If the model is right"),
)
_CALIBRATION = (lines.IN_THE_LARGE, lines.SLOPE, lines.RATIO, lines.ICI)
_SUBJECTS = (lines.SD, lines.MEAN, lines.MEMBERSHIP)


def short_table(results: Results, endpoint: str) -> Table:
    """Discrimination of the headline model in both populations, a column each."""
    found = [
        one
        for name in (APPLICABLE, SCORED)
        if (one := compared(results, endpoint, results.headline, name)) is not None
    ]
    rows = [_values(one) for one in found]
    counts = [n.counted(one.of(lines.DISCRIMINATION)) for one in found]
    values = zip(_VALUES, *rows, strict=True)
    return table(
        f"Discrimination, expected and observed ({results.confidence} intervals)",
        ["", *(one.population.capitalize() for one in found)],
        [["Subjects", *counts], *values],
        _NOTE,
        shows="external",
        endpoint=endpoint,
    )


def main_table(results: Results, endpoint: str) -> Table:
    """One row per model and population."""
    return table(
        f"Discrimination, expected and observed ({results.confidence} intervals)",
        ["Model", "Subjects", *_VALUES],
        [
            _main_row(results, arm, found)
            for arm in dict.fromkeys(results.arms)  # one may be its own reference
            for name in (APPLICABLE, SCORED)
            if (found := compared(results, endpoint, arm, name)) is not None
        ],
        _NOTE,
        shows="external",
        endpoint=endpoint,
    )


def _main_row(results: Results, arm: str, found: Compared) -> list[str]:
    counts = n.counted(found.of(lines.DISCRIMINATION))
    return [results.arm_label(arm), f"{found.population}, {counts}", *_values(found)]


def _values(found: Compared) -> list[str]:
    """Cells in the order of `_VALUES`."""
    row, based = found.of(lines.DISCRIMINATION), found.of(lines.MODEL_BASED)
    return [
        bounded(row, "expected"),
        bounded(row, "observed"),
        bounded(row, "change"),
        bounded(based, "change"),
        bounded(found.of(lines.BEYOND), "change"),
        bounded(found.of(lines.CORRECTED), "expected"),
        bounded(based, "observed"),
    ]


def calibration_table(
    results: Results, endpoint: str, arms: Sequence[str]
) -> Table | None:
    """Calibration of applicable scores beside what calibrated ones have."""
    rows = _rows(results, endpoint, _CALIBRATION)
    rows = rows[rows["arm"].isin(arms)]
    rows = rows[(rows["population"] == APPLICABLE) & rows["observed"].notna()]
    if rows.empty:
        return None
    return table(
        "Calibration, expected and observed",
        ["Model", "Measure", "Expected", "Observed", "Remark"],
        [
            [
                results.arm_label(row["arm"]),
                f"{_WORDS[row['quantity']]}{when(row)}",
                bounded(row, "expected"),
                bounded(row, "observed"),
                n.NONE if pd.isna(row["reason"]) else row["reason"],
            ]
            for _, row in rows.iterrows()
        ],
        "Expected: 0 and 1 of calibrated predictions, the slope found in validation "
        "where the model tells one; of the distance, what calibrated predictions have "
        "by chance.",
    )


def subjects_table(results: Results, endpoint: str) -> Table:
    """Scores and predictors here and in development."""
    rows = _rows(results, endpoint, _SUBJECTS)
    rows = rows[rows["population"] == APPLICABLE]
    return table(
        "Subjects here and in development",
        ["Model", "Measure", "Development", "Here", "Change", "Remark"],
        [
            [
                results.arm_label(row["arm"]),
                _WORDS[row["quantity"]],
                bounded(row, "expected"),
                bounded(row, "observed"),
                bounded(row, "change"),
                n.NONE if pd.isna(row["reason"]) else row["reason"],
            ]
            for _, row in rows.iterrows()
        ],
        f"Membership: linear discriminant between development and here; {DEBRAY}.",
    )


def whole_table(results: Results, endpoint: str) -> Table:
    """Every quantity of both populations, with its method."""
    rows = _rows(results, endpoint, tuple(_WORDS))
    return table(
        "Expected and observed in detail",
        ["Model", "Subjects", "Measure", "Expected", "Observed", "Change", "Method"],
        [
            [
                results.arm_label(row["arm"]),
                f"{row['population']}, n = {row['n']}",
                f"{_WORDS[row['quantity']]}{when(row)}",
                bounded(row, "expected"),
                bounded(row, "observed"),
                bounded(row, "change"),
                n.NONE if pd.isna(row["method"]) else row["method"],
            ]
            for _, row in rows.iterrows()
        ],
        folded=True,
    )


def _rows(results: Results, endpoint: str, quantities: tuple[str, ...]) -> pd.DataFrame:
    """Rows of some quantities, by arm in the order of all tables."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    rows = results.of("external", endpoint=endpoint)
    rows = rows[rows["quantity"].isin(quantities)]
    placed = rows.assign(place=rows["arm"].map(order))
    return placed.sort_values("place", kind="stable")
