"""Section on internal validation: groups pooled, and bootstrap samples."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....evaluation.bootstrap import FEW as FEW_SAMPLES
from ....evaluation.pooled_groups import FEW as FEW_GROUPS
from ....figures import labels
from ....folds.scheme import EVALUATED, LOSO, TEMPORAL
from ... import numbers as n
from ...blocks import Block, Section, Table, section, table, text
from ...results import Results

_OF_ALL = " The model for use is fitted to all subjects."
_COLUMNS = ["Arm", "Endpoint", "Apparent", "Optimism", "Corrected"]
_COLUMNS += ["Out of the sample", ".632+", "Fits"]
_NOTE = (
    "Apparent: the model of all subjects in the same subjects, which is no "
    "performance. Optimism: mean, over samples, of the value in the sample less "
    "that in all subjects (Harrell et al. 1996). .632+: between apparent and out "
    "of the sample (Efron and Tibshirani 1997, doi:10.1080/01621459.1997.10474007; "
    "no information: 0.5). No intervals: samples share their subjects, and the "
    "scatter of their values is not the error of a mean. Where features are selected, "
    "the corrected value is too high: 0.62 of pure noise, five of thirty features of "
    "60 subjects, against 0.53 by .632+ and 0.50 out of the sample."
)


def validation_section(results: Results) -> Section | None:
    """Groups pooled and optimism by samples; None if neither was asked for."""
    blocks: list[Block | None] = []
    if results.has("pooled_groups"):
        blocks += _pooled_blocks(results)
    if results.has("bootstrap"):
        blocks += _bootstrap_blocks(results)
    if not blocks:
        return None
    return section("internal-validation", "Groups pooled and optimism", *blocks)


def declared_findings(results: Results, endpoint: str) -> Iterator[str]:
    """Sentences on the headline arm in evaluation sets that the study declares."""
    if results.judges_given:
        return  # the first sentence tells them
    rows = results.of(
        "performance", endpoint=endpoint, arm=results.headline, stratum="all"
    )
    for kind in EVALUATED:
        for _, row in rows[rows["scheme"] == kind.name].iterrows():
            if kind.once:
                yield (
                    f"{_words(results, kind.name)}, the headline arm reached "
                    f"{n.interval(row)} ({n.counted(row)})."
                )


def _words(results: Results, scheme: str) -> str:
    """Beginning of a sentence on a declared evaluation set."""
    split = results.settings.validation.temporal
    if split is None or scheme != TEMPORAL.name:
        return "In the evaluation set that the study declares, which no model saw"
    cuts = split.first_evaluated
    if len(cuts) == 1:
        return f"In subjects from {cuts[0]} on, by a model of earlier ones"
    return (
        f"In subjects from {n.listed(cuts)} on, each up to the next, by models of all "
        "earlier ones"
    )


def _pooled_blocks(results: Results) -> Iterator[Block | None]:
    """Tables of groups and of their means; of few groups, their own values first."""
    of_all = "" if results.judges_given else _OF_ALL
    yield text(
        "Each group was left out once; the values of the groups are pooled with random "
        "effects, so that a group counts by its size and by how far groups differ."
        f"{of_all}"
    )
    pooled = results["pooled_groups"]
    few = bool((pooled["n_pooled"] < FEW_GROUPS).any())
    tables = [_group_table(results), _pooled_table(results, pooled)]
    yield from tables if few else reversed(tables)


def _group_table(results: Results) -> Table | None:
    """The headline arm in each group that was left out."""
    rows = results.of("performance", arm=results.headline, scheme=LOSO.name)
    rows = rows[rows["stratum"].str.startswith("group=")]
    if rows.empty:
        return None
    return table(
        f"“{results.arm_label(results.headline)}” in each group left out",
        ["Group", "Endpoint", f"Value ({results.confidence} interval)", "Events"],
        [
            [
                row["stratum"].removeprefix("group="),
                results.endpoint_label(row["endpoint"]),
                f"{labels.metric(row['metric'])} {n.interval(row)}",
                f"{row['n_events']} of {row['n']}",
            ]
            for _, row in rows.sort_values(["endpoint", "stratum"]).iterrows()
        ],
    )


def _pooled_table(results: Results, pooled: pd.DataFrame) -> Table | None:
    """Mean, prediction interval and scatter, arm by arm."""
    if pooled.empty:
        return None
    return table(
        "Groups left out, pooled",
        [
            "Arm",
            "Endpoint",
            f"Mean ({results.confidence} interval)",
            "A new group",
            "SD between groups (logit)",
            "I²",
            "Groups",
            "Remark",
        ],
        [_pooled_row(results, row) for _, row in _in_order(results, pooled).iterrows()],
        "Logit scale: between-group variance by REML with the Q-profile interval, mean "
        "by Hartung-Knapp, never narrower than the values' errors allow. A new group: "
        f"{results.confidence} prediction interval from the confidence distribution of "
        "the variance (Nagashima et al. 2019, doi:10.1177/0962280218773520). Models of "
        "two groups share most of their subjects, of which pooling takes no account.",
        shows="pooled_groups",
    )


def _pooled_row(results: Results, row: pd.Series) -> list[str]:
    remarks = [row["reason"], _left_out(row["not_pooled"])]
    new = [n.decimal(row[f"prediction_{side}"]) for side in ("lower", "upper")]
    tau = {"estimate": row["tau"], "lower": row["tau_lower"], "upper": row["tau_upper"]}
    known = pd.notna(row["estimate"])
    metric = labels.metric(row["metric"])
    return [
        results.arm_label(row["arm"]),
        results.endpoint_label(row["endpoint"]),
        f"{metric} {n.interval(row)}" if known else n.UNDEFINED,
        " to ".join(new) if known else n.NONE,
        n.interval(tau) if known else n.NONE,
        n.percent(row["i2"], 1) if known else n.NONE,
        f"{row['n_pooled']} of {row['n_groups']}",
        "; ".join(str(one) for one in remarks if pd.notna(one)) or n.NONE,
    ]


def _left_out(names: Any) -> str | None:
    return None if pd.isna(names) else f"not pooled: {names}"


def _bootstrap_blocks(results: Results) -> Iterator[Block | None]:
    """Samples in words, and the table of optimism."""
    rows = results["bootstrap"]
    if rows.empty:
        return
    yield text(
        "Whole patients were drawn with replacement within groups, and everything was "
        "learnt anew in each sample. A patient who was drawn twice is never on both "
        "sides of a fold inside a sample, nor in it and out of it."
    )
    yield table(
        "Optimism by bootstrap samples",
        _COLUMNS,
        [
            _bootstrap_row(results, row)
            for _, row in _in_order(results, rows).iterrows()
        ],
        _NOTE + _few_samples(rows),
        shows="bootstrap",
    )


def _few_samples(rows: pd.DataFrame) -> str:
    least = int(rows["n_samples"].min())
    return "" if least >= FEW_SAMPLES else f" {least} samples are few."


def _bootstrap_row(results: Results, row: pd.Series) -> list[str]:
    names = ("apparent", "optimism", "corrected", "out_of_bag", "value_632_plus")
    return [
        results.arm_label(row["arm"]),
        f"{results.endpoint_label(row['endpoint'])} ({labels.metric(row['metric'])})",
        *(n.decimal(row[name]) for name in names),
        n.share(row["n_samples"], row["n_samples"] + row["n_failed"]),
    ]


def _in_order(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by endpoint, then by arm in the order of all tables."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    return placed.sort_values(["endpoint", "place"])
