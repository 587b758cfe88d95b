"""Section on external validation: what was expected of frozen models, and found."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....evaluation.external import rows as lines
from ....evaluation.external.populations import APPLICABLE, SCORED
from ....figures import labels
from ... import numbers as n
from ...blocks import Block, Link, Section, section, text
from ...results import Results
from .external_tables import (
    calibration_table,
    main_table,
    short_table,
    subjects_table,
    whole_table,
)
from .external_values import DEBRAY, Compared, bounded, compared, source


def external_section(results: Results, endpoint: str) -> Section | None:
    """Expected beside observed values; None of a study that applies no model."""
    if results.of("external", endpoint=endpoint).empty:
        return None
    return section(
        f"external-{endpoint}",
        f"{results.endpoint_label(endpoint)}: expected and observed",
        text(*external_sentences(results, endpoint)),
        main_table(results, endpoint),
        calibration_table(results, endpoint, results.arms),
        subjects_table(results, endpoint),
        Link("external.html", "The external validation alone, on one page"),
        Link(f"#calibration-{endpoint}", "Calibration, by site and as a curve"),
        Link(f"#usefulness-{endpoint}", "Decision curve"),
        whole_table(results, endpoint),
    )


def short_blocks(results: Results, endpoint: str) -> list[Block]:
    """The answer in sentences, and the values of the headline model alone."""
    return [
        text(*external_sentences(results, endpoint)),
        short_table(results, endpoint),
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
    """Performance that a right model would reach here, where development tells less."""
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
    """Membership: how well predictors tell these subjects from those of development."""
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
        f"would give {band}: the values here speak of {speaks}; {DEBRAY}."
    )


def _reason(row: Any) -> str:
    return n.UNDEFINED if pd.isna(row["reason"]) else str(row["reason"])


def _article(metric: str) -> str:
    return f"{'an' if metric.startswith('A') else 'a'} {metric}"
