"""Section on external validation: what was expected of frozen models, and found."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ....evaluation.external import rows as lines
from ....evaluation.external.populations import APPLICABLE, SCORED
from ....figures import labels
from ... import numbers as n
from ...blocks import Block, Link, Section, Table, section, table, text
from ...results import Results
from .external_values import (
    Compared,
    bounded,
    compared,
    source,
    when,
)

_DEBRAY = "Debray et al. 2015, doi:10.1016/j.jclinepi.2014.06.018"
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
_VALUES = ("Expected", "Observed", "Change", "Of it case mix", "Of it beyond")
_VALUES += ("Expected for this case mix", "If the model is right")
_CALIBRATION = (lines.IN_THE_LARGE, lines.SLOPE, lines.RATIO, lines.ICI)
_SUBJECTS = (lines.SD, lines.MEAN, lines.MEMBERSHIP)


def external_section(results: Results, endpoint: str) -> Section | None:
    """Expected beside observed values; None of a study that applies no model."""
    if results.of("external", endpoint=endpoint).empty:
        return None
    return section(
        f"external-{endpoint}",
        f"{results.endpoint_label(endpoint)}: expected and observed",
        text(*external_sentences(results, endpoint)),
        _main_table(results, endpoint),
        calibration_block(results, endpoint, results.arms),
        _subjects_table(results, endpoint),
        Link("external.html", "The external validation alone, on one page"),
        Link(f"#calibration-{endpoint}", "Calibration, by site and as a curve"),
        Link(f"#usefulness-{endpoint}", "Decision curve"),
        _whole_table(results, endpoint),
    )


def short_blocks(results: Results, endpoint: str) -> list[Block]:
    """The answer in sentences, and the values of the headline model alone."""
    found = [
        one
        for name in (APPLICABLE, SCORED)
        if (one := compared(results, endpoint, results.headline, name)) is not None
    ]
    rows = [_values(one) for one in found]
    counts = [n.counted(one.of(lines.DISCRIMINATION)) for one in found]
    values = zip(_VALUES, *rows, strict=True)
    return [
        text(*external_sentences(results, endpoint)),
        table(
            f"Discrimination, expected and observed ({results.confidence} intervals)",
            ["", *(one.population.capitalize() for one in found)],
            [["Subjects", *counts], *values],
            _NOTE,
            shows="external",
            endpoint=endpoint,
        ),
    ]


def external_sentences(results: Results, endpoint: str) -> Iterator[str]:
    """The headline model: observed, expected, how much is case mix, and membership."""
    found = compared(results, endpoint, results.headline, APPLICABLE)
    if found is None:
        return
    yield _answer(results, found)
    every = compared(results, endpoint, results.headline, SCORED)
    if every is not None:
        yield from _flagged(found, every)
    yield _membership(found)


def _answer(results: Results, found: Compared) -> str:
    """Observed and expected value, and the parts of the change."""
    row = found.of(lines.DISCRIMINATION)
    metric = labels.metric(str(row["metric"]))
    start = (
        f"“{results.arm_label(results.headline)}” reached {_article(metric)} of "
        f"{bounded(row, 'observed')} in the subjects of this study whose score is "
        f"applicable ({n.counted(row)})"
    )
    if pd.isna(row["expected"]):
        return f"{start}; {_reason(row)}. {_if_right(found)}"
    change, mix, beyond = (
        bounded(found.of(name), "change")
        for name in (lines.DISCRIMINATION, lines.MODEL_BASED, lines.BEYOND)
    )
    told = (
        f"{start}; {bounded(row, 'expected')} was expected ({source(row)}): a change "
        f"of {change}"
    )
    if pd.isna(found.of(lines.BEYOND)["change"]):
        return f"{told}. {_if_right(found)}"
    return (
        f"{told}. Of it, {mix} is case mix, that is, the spread of the scores of these "
        f"subjects, and {beyond} is beyond it."
    )


def _if_right(found: Compared) -> str:
    """What a right model would reach here, where development tells less."""
    based = found.of(lines.MODEL_BASED)
    if pd.isna(based["observed"]):
        return f"How much is case mix is not known: {_reason(based)}."
    less = bounded(found.of(lines.BEYOND), "observed")
    return (
        f"With the spread of these scores a model that is right would reach "
        f"{bounded(based, 'observed')}; observed less that: {less}. How much is case "
        f"mix is not known: {_reason(found.of(lines.BEYOND))}."
    )


def _flagged(found: Compared, every: Compared) -> Iterator[str]:
    """The same value with subjects whose score a red flag voids."""
    row, other = (one.of(lines.DISCRIMINATION) for one in (found, every))
    more = int(other["n"]) - int(row["n"])
    if more:
        yield (
            f"With {n.plural(more, 'subject')} more whose score a red flag voids, it "
            f"is {bounded(other, 'observed')} ({n.counted(other)})."
        )
    else:
        yield "No subject with a known outcome was left out for a red flag."


def _membership(found: Compared) -> str:
    """How well predictors tell these subjects from those of development."""
    row = found.of(lines.MEMBERSHIP)
    if pd.isna(row["observed"]):
        return (
            f"How unlike those of development the subjects are by their predictors is "
            f"not known: {_reason(row)}."
        )
    band = " to ".join(
        n.decimal(row[f"expected_{side}"]) for side in ("lower", "upper")
    )
    speaks = (
        "other subjects than those of development (transportability)"
        if row["observed"] > row["expected_upper"]
        else "subjects like those of development (reproducibility)"
    )
    return (
        "The predictors tell these subjects from those of development with a "
        f"c-statistic of {n.decimal(row['observed'])}, where exchangeable subjects "
        f"would give {band}: the values here speak of {speaks}; {_DEBRAY}."
    )


def _main_table(results: Results, endpoint: str) -> Table:
    """One row per model and population."""
    return table(
        f"Discrimination, expected and observed ({results.confidence} intervals)",
        ["Model", "Subjects", *_VALUES],
        [
            _main_row(results, arm, found)
            for arm in results.arms
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


def calibration_block(
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


def _subjects_table(results: Results, endpoint: str) -> Table:
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
        f"Membership: linear discriminant between development and here; {_DEBRAY}.",
    )


def _whole_table(results: Results, endpoint: str) -> Table:
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


def _reason(row: Any) -> str:
    return n.UNDEFINED if pd.isna(row["reason"]) else str(row["reason"])


def _article(metric: str) -> str:
    return f"{'an' if metric.startswith('A') else 'a'} {metric}"
