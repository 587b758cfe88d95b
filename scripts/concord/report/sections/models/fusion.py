"""Section on late fusion: weights of members, who lacks one, and what fusing gains."""

from collections.abc import Iterator

import pandas as pd

from ....evaluation.company import is_early_fusion
from ....figures import labels
from ....folds.scheme import CV
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results

_SCHEMES = labels.SCHEMES
_WORDS = {
    "mean": "the mean of the standardized linear predictors that a subject has",
    "stacking": "a sum of standardized linear predictors with weights of 0 or more, "
    "learnt from scores out of inner folds",
}


def fusion_section(results: Results) -> Section | None:
    """Fused arms of all endpoints; None if the study has none."""
    if not results.has("fusion"):
        return None
    return section(
        "fusion",
        "Late fusion",
        text(*_introduction(results)),
        _weights_table(results),
        _comparison_table(results),
        text(*_sentences(results)),
    )


def fused_arms(results: Results) -> list[str]:
    """Names of the fused arms, in the order of all tables."""
    arms = results.settings.arms
    return [name for name in results.arms if arms[name].fusion is not None]


def _introduction(results: Results) -> Iterator[str]:
    for name in fused_arms(results):
        section = results.settings.arms[name].fusion
        if section is not None:
            members = n.listed(f"“{results.arm_label(one)}”" for one in section.of)
            yield (
                f"“{results.arm_label(name)}” combines the models of {members}: its "
                f"score is {_WORDS[section.rule]}."
            )
    yield "A subject whom a member cannot score is scored from the others, and flagged."


def _weights_table(results: Results) -> Table | None:
    rows = results["fusion"]
    if rows.empty:
        return None
    return table(
        "Weights of the members",
        [
            "Endpoint",
            "Arm",
            "Scheme",
            "Member",
            "Weight",
            "Fits",
            "Scored",
            "Without this member",
        ],
        [_weights_row(results, row) for _, row in _ordered(results, rows)],
        "Weights are per SD of the member's score in development, on the scale of log "
        "odds or log hazards: mean over the fits, in brackets their range. Evaluation "
        "subjects of the first repeat, in brackets the events among them. A weight is "
        "what a member adds to the others, not what it knows alone.",
    )


def _ordered(results: Results, rows: pd.DataFrame) -> Iterator[tuple[int, pd.Series]]:
    """Rows by endpoint, scheme, arm and member, arms in the order of all tables."""
    order = {arm: place for place, arm in enumerate(results.arms)}
    placed = rows.assign(place=rows["arm"].map(order))
    keys = ["endpoint", "place", "scheme"]
    for number, row in placed.sort_values(keys, kind="stable").iterrows():
        yield int(str(number)), row


def _weights_row(results: Results, row: pd.Series) -> list[str]:
    least, most = (n.decimal(row[f"weight_{end}"]) for end in ("lowest", "highest"))
    return [
        results.endpoint_label(row["endpoint"]),
        results.arm_label(row["arm"]),
        _SCHEMES.get(row["scheme"], row["scheme"]),
        results.arm_label(row["member"]),
        f"{n.decimal(row['weight'])} ({least} to {most})",
        f"{row['n_fits']} ({row['n_zero']} without weight)",
        f"{row['n']} ({row['n_events']})",
        f"{row['n_without']} ({row['n_events_without']})",
    ]


def _comparison_table(results: Results) -> Table | None:
    """Fused arms minus their members and early fusion, over the same subjects."""
    rows = [
        [
            results.endpoint_label(row["endpoint"]),
            results.arm_label(row["arm"]),
            f"{results.arm_label(row['reference_arm'])} ({role})",
            _SCHEMES.get(row["scheme"], row["scheme"]),
            n.interval(row),
            " / ".join(n.decimal(row[f"estimate_{of}"]) for of in ("arm", "reference")),
            str(row["n"]),
        ]
        for row, role in _compared(results)
    ]
    if not rows:
        return None
    return table(
        "Late fusion against single members and early fusion",
        ["Endpoint", "Arm", "Minus", "Scheme", "Difference", "Values", "Subjects"],
        rows,
        f"AUC or C-index with {results.confidence} intervals, on the subjects that "
        "both have scored, in the same folds. Early fusion is one model of the "
        "predictors of all members.",
    )


def _compared(results: Results) -> Iterator[tuple[pd.Series, str]]:
    """Rows of the comparisons of fused arms, and the part of the other arm."""
    arms, rows = results.settings.arms, results["comparisons"]
    for name in fused_arms(results):
        section = arms[name].fusion
        members = section.of if section else []
        for _, row in _ordered(results, rows[rows["arm"] == name]):
            other = row["reference_arm"]
            if other in members:
                yield row, "member"
            elif other in arms and is_early_fusion(arms, other, name):
                yield row, "early fusion"


def _sentences(results: Results) -> Iterator[str]:
    """Who was scored without a member, of each fused arm and endpoint."""
    rows = results["fusion"]
    for _, row in _ordered(results, rows[rows["scheme"] == CV.name]):
        if row["n_without"]:
            yield (
                f"{results.endpoint_label(row['endpoint'])}: {row['n_without']} of "
                f"{row['n']} subjects ({n.plural(row['n_events_without'], 'event')}) "
                f"were scored by “{results.arm_label(row['arm'])}” without "
                f"“{results.arm_label(row['member'])}”."
            )
