"""Performance to expect of a frozen model: what its study found, or its own samples.

A model of all subjects has the values of its arm by every scheme. A model without a
group must not know what was found there, nor in any other group, since the models that
were judged in those had learnt from it. So its value is that of the models of bootstrap
samples of its own development subjects among those that each sample does not hold: of
noise it is that of chance, and where there is something to learn it is a little too
low, as a sample holds 63 % of the subjects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...folds.scheme import BOOTSTRAP
from ..development import ExpectedPerformance
from .samples import Sampled

METHOD = (
    "mean of the models of {n} bootstrap samples of the development subjects, each "
    "among those out of its sample; no interval, as samples share their subjects"
)
WITHOUT = "no subject of the group that is left out is part of this value"
#: Numbers of the calibration table: metric, estimate, lower and upper end.
_CALIBRATION = {
    "calibration_slope": ("slope", "slope_lower", "slope_upper"),
    "calibration_in_the_large": ("intercept", "intercept_lower", "intercept_upper"),
    "observed_expected": ("observed_expected", "oe_lower", "oe_upper"),
}
_EVERYBODY = "all"


@dataclass(frozen=True)
class Validation:
    """Tables of an endpoint's evaluation, by kind."""

    performance: pd.DataFrame
    comparisons: pd.DataFrame
    calibration: pd.DataFrame
    subgroups: pd.DataFrame = field(default_factory=pd.DataFrame)


def of_validation(
    found: Validation, arm: str, smallest_cell: int = 0
) -> list[ExpectedPerformance]:
    """Findings of every scheme of a study on an arm: all that has an estimate."""
    values = [
        *_discrimination(_of(found.performance, arm)),
        *_differences(_of(found.comparisons, arm)),
        *_calibration(_of(found.calibration, arm)),
    ]
    return [_hidden(one, smallest_cell) for one in values if one.estimate is not None]


def of_samples(
    apparent: float, metric: str, sampled: Sampled, n: int, n_events: int | None
) -> list[ExpectedPerformance]:
    """Value out of the bootstrap samples; nothing if there are none."""
    estimate = sampled.mean_out_of_bag()
    if not np.isfinite(estimate):
        return []
    return [
        ExpectedPerformance(
            metric=metric,
            scheme=BOOTSTRAP.name,
            estimate=estimate,
            method=METHOD.format(n=len(sampled.models)),
            n=n,
            n_events=n_events,
            note=f"apparent value {apparent:.3f}; {WITHOUT}",
        )
    ]


def _of(table: pd.DataFrame, arm: str) -> list[dict[str, Any]]:
    rows = table[table["arm"] == arm].astype(object)
    plain = rows.where(rows.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in plain]


def _discrimination(
    rows: list[dict[str, Any]],
) -> Iterator[ExpectedPerformance]:
    for row in rows:
        yield ExpectedPerformance(
            metric=row["metric"],
            stratum=row["stratum"],
            **_interval(row, "estimate", "lower", "upper"),
            **_shared(row),
        )


def _differences(rows: list[dict[str, Any]]) -> Iterator[ExpectedPerformance]:
    for row in rows:
        yield ExpectedPerformance(
            metric=row["metric"],
            against=row["reference_arm"],
            **_interval(row, "estimate", "lower", "upper"),
            **_shared(row),
        )


def _calibration(rows: list[dict[str, Any]]) -> Iterator[ExpectedPerformance]:
    for row in rows:
        if row["stratum"] != _EVERYBODY:
            continue
        for metric, columns in _CALIBRATION.items():
            yield ExpectedPerformance(
                metric=metric,
                horizon_days=row["horizon_days"],
                **_interval(row, *columns),
                **_shared(row),
            )


def _interval(
    row: Mapping[str, Any], estimate: str, lower: str, upper: str
) -> dict[str, Any]:
    return {"estimate": row[estimate], "lower": row[lower], "upper": row[upper]}


def _shared(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "scheme": row["scheme"],
        "method": row["method"] or "",
        "n": row["n"],
        "n_events": row["n_events"],
        "note": row["reason"] or "",
    }


def _hidden(one: ExpectedPerformance, smallest_cell: int) -> ExpectedPerformance:
    """The same without counts of too few people."""
    n, n_events = one.n or 0, one.n_events or 0
    if min(n_events, n - n_events) >= smallest_cell:
        return one
    return one.model_copy(update={"n": None, "n_events": None})
