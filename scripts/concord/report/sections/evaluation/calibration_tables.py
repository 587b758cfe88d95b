"""Tables of calibration and squared error of one endpoint."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ....evaluation.pooled_groups import FEW
from ....evaluation.probabilities.overall import (
    BRIER,
    INTEGRATED,
    LEAST_HORIZONS,
    SCALED,
)
from ....figures import labels
from ....folds.scheme import kind_of
from ... import numbers as n
from ...blocks import Block, Table, table
from ...results import Results
from .calibration_values import GROUP, of_headline, ratio, scheme_apart, value, why

_METRICS = {
    BRIER: "Brier score",
    SCALED: "Scaled Brier score",
    INTEGRATED: "Integrated Brier score",
}
_MEASURES = {
    "intercept": "Calibration in the large",
    "slope": "Slope",
    "observed_expected": "Observed / expected",
}
_SCALES = (
    "Calibration in the large: 0 is best, above it more events happen than are "
    "predicted (log odds; of a risk at a horizon log cumulative hazard). Slope: 1 is "
    "best, below it predictions are too extreme. ICI: mean distance of the smoothed "
    "curve from the ideal, and what predictions without any fault would have by chance."
)
#: Coverage measured by benchmarks/coverage_evaluation.py, where it is below 0.88.
_AS_THEY_ARE = "Intervals take models as they are: in simulated studies of noise"
_COVERED_SLOPE = (
    f"{_AS_THEY_ARE}, those of the slope held the truth in 85 % in place of 95 %."
)
_COVERED_BRIER = (
    f"{_AS_THEY_ARE}, they held the truth in 84 %, those of differences in 80 %, in "
    "place of 95 %."
)


def whole_table(results: Results, endpoint: str) -> Table | None:
    """All arms, schemes and horizons, over all subjects."""
    rows = results.of("calibration", endpoint=endpoint, stratum="all")
    if rows.empty:
        return None
    return table(
        "Calibration of all arms",
        [
            *("Arm", "Scheme", *_horizon_column(rows), "Observed", "Predicted"),
            *("In the large", "Slope", "ICI (by chance)", "Events"),
        ],
        [_whole_row(results, row, rows) for _, row in _in_order(results, rows)],
        f"{results.confidence} intervals. {_SCALES} {_COVERED_SLOPE} Smoothed: "
        f"{'; '.join(sorted(set(rows['smoother'].dropna())))}. Method: "
        f"{'; '.join(sorted(set(rows['method'].dropna())))}.",
        shows="calibration",
        endpoint=endpoint,
    )


def _horizon_column(rows: pd.DataFrame) -> list[str]:
    return ["Horizon (days)"] if rows["horizon_days"].notna().any() else []


def _in_order(results: Results, rows: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    """Rows by scheme, arm as in all tables, horizon and stratum."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    return placed.sort_values(["scheme", "place", "horizon_days", "stratum"]).iterrows()


def _whole_row(results: Results, row: Any, rows: pd.DataFrame) -> list[str]:
    shown = [
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        *([f"{row['horizon_days']:g}"] if _horizon_column(rows) else []),
    ]
    if pd.isna(row["mean_prediction"]):
        return [*shown, f"{n.UNDEFINED}: {why(row)}", *[n.NONE] * 4, _events(row)]
    chance = n.decimal(row["ici_expected"], 3)
    distance = f"{n.decimal(row['ici'], 3)} ({chance})"
    return [
        *shown,
        n.decimal(row["observed"]),
        n.decimal(row["mean_prediction"]),
        value(row, "intercept"),
        value(row, "slope"),
        n.UNDEFINED if pd.isna(row["ici"]) else distance,
        _events(row),
    ]


def _events(row: Any) -> str:
    return f"{row['n_events']} of {row['n']}"


def group_blocks(results: Results, endpoint: str) -> Iterator[Block | None]:
    """Values of the groups, and of few groups these before their mean."""
    pooled = of_headline(results, "pooled_calibration", endpoint)
    blocks = [_group_table(results, endpoint), _pooled_table(results, endpoint, pooled)]
    few = pooled.empty or bool((pooled["n_pooled"] < FEW).any())
    yield from blocks if few else reversed(blocks)


def _group_table(results: Results, endpoint: str) -> Table | None:
    """The headline arm in each group."""
    rows = of_headline(results, "calibration", endpoint)
    rows = rows[rows["scheme"] == scheme_apart(rows)]
    rows = rows[rows["stratum"].str.startswith(GROUP)]
    if rows.empty:
        return None
    left_out = kind_of(str(rows["scheme"].iloc[0])).by_group
    return table(
        f"Calibration of “{results.arm_label(results.headline)}” in each group"
        + (", left out" if left_out else ""),
        [
            *("Group", *_horizon_column(rows), "Observed", "Predicted"),
            *("Observed / expected", "In the large", "p (Holm)", "Slope", "Events"),
        ],
        [_group_row(row, rows) for _, row in _in_order(results, rows)],
        "p: of no difference in the large, with the error of the models' own "
        "intercepts, adjusted for the number of groups. Intervals are of the models as "
        "they are.",
    )


def _group_row(row: Any, rows: pd.DataFrame) -> list[str]:
    shown = [
        row["stratum"].removeprefix(GROUP),
        *([f"{row['horizon_days']:g}"] if _horizon_column(rows) else []),
        n.decimal(row["observed"]),
        n.decimal(row["mean_prediction"]),
    ]
    if pd.isna(row["intercept"]):
        return [*shown, f"{n.UNDEFINED}: {why(row)}", *[n.NONE] * 3, _events(row)]
    p_value = row["intercept_p_holm"]
    p_text = "< 0.001" if p_value < 0.001 else n.decimal(p_value, 3)
    large, slope = value(row, "intercept"), value(row, "slope")
    return [*shown, ratio(row), large, p_text, slope, _events(row)]


def _pooled_table(
    results: Results, endpoint: str, pooled: pd.DataFrame
) -> Table | None:
    """Mean and scatter over groups of the headline arm."""
    if pooled.empty:
        return None
    return table(
        "Calibration over groups left out, pooled",
        [
            *("Measure", *_horizon_column(pooled)),
            f"Mean ({results.confidence} interval)",
            *("A new group", "SD between groups", "I²", "Groups", "Remark"),
        ],
        [_pooled_row(row, pooled) for _, row in pooled.iterrows()],
        "Between-group variance by REML, mean by Hartung-Knapp; observed / expected on "
        "the log scale. A new group: prediction interval (Nagashima et al. 2019, "
        "doi:10.1177/0962280218773520).",
        shows="pooled_calibration",
        endpoint=endpoint,
    )


def _pooled_row(row: Any, rows: pd.DataFrame) -> list[str]:
    new = [n.decimal(row[f"prediction_{side}"]) for side in ("lower", "upper")]
    remark = "" if pd.isna(row["reason"]) else str(row["reason"])
    return [
        _MEASURES[row["measure"]],
        *([f"{row['horizon_days']:g}"] if _horizon_column(rows) else []),
        n.interval(row),
        n.UNDEFINED if np.isnan(float(row["estimate"])) else " to ".join(new),
        n.decimal(row["tau"]),
        n.NONE if pd.isna(row["i2"]) else n.percent(row["i2"], 1),
        f"{row['n_pooled']} of {row['n_groups']}",
        remark,
    ]


def overall_table(results: Results, endpoint: str) -> Table | None:
    """Squared errors of all arms, with the difference to the reference arm."""
    rows = results.of("overall", endpoint=endpoint, stratum="all")
    if rows.empty:
        return None
    reference = results.arm_label(results.reference)
    note = "" if (rows["metric"] == INTEGRATED).any() else _no_integral(results, rows)
    return table(
        "Brier scores of all arms",
        [
            *("Arm", "Scheme", *_horizon_column(rows), "Measure", "Value"),
            *(f"Minus “{reference}”", "Events"),
        ],
        [_overall_row(results, row, rows) for _, row in _in_order(results, rows)],
        f"{results.confidence} intervals. Brier score: 0 is best. Scaled: share of the "
        "squared error of the observed share that is saved; 1 is best, 0 no better "
        f"than that share for everybody. {note}{_COVERED_BRIER} Method: "
        f"{'; '.join(sorted(set(rows['method'].dropna())))}.",
        folded=True,
        shows="overall",
        endpoint=endpoint,
    )


def _no_integral(results: Results, rows: pd.DataFrame) -> str:
    if not _horizon_column(rows):
        return ""
    return (
        f"An integrated score is told where {LEAST_HORIZONS} or more horizons are "
        "declared. "
    )


def _overall_row(results: Results, row: Any, rows: pd.DataFrame) -> list[str]:
    names = {"estimate": "difference", "lower": "difference_lower"}
    names["upper"] = "difference_upper"
    difference = {key: row[name] for key, name in names.items()}
    digits = 2 if row["metric"] == SCALED else 3
    undefined = pd.isna(row["estimate"])
    return [
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        *([f"{row['horizon_days']:g}"] if _horizon_column(rows) else []),
        _METRICS[row["metric"]],
        f"{n.UNDEFINED}: {why(row)}" if undefined else n.interval(row, digits),
        n.NONE if pd.isna(row["difference"]) else n.interval(difference, digits),
        _events(row),
    ]
