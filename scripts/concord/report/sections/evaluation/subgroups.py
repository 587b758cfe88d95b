"""Section on subgroups and fairness of the headline arm."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....evaluation.subgroups.measures import (
    BRIER,
    DIFFERENCE,
    IN_THE_LARGE,
    SLOPE,
)
from ....evaluation.subgroups.subgroups import ALL
from ....figures import labels
from ....figures.settings import subgroup_names
from ....folds.scheme import EVALUATED, leading_scheme
from ... import numbers as n
from ...blocks import Block, Section, section, table, text
from ...results import Results

_MEASURES = labels.METRICS | {
    IN_THE_LARGE: "Calibration in the large (log odds)",
    DIFFERENCE: "Observed less predicted risk",
    SLOPE: "Calibration slope",
    BRIER: "Brier score",
}
_RULES = {
    "risk_group": "high-risk group",
    "youden": "Youden's cut",
    "sensitivity": "cut for the given sensitivity",
    "specificity": "cut for the given specificity",
}
_CLASSES = ["Rule", "Subgroup", "Subjects", "Events"]
_CLASSES += ["Sensitivity", "Specificity", "PPV", "NPV", "O:E"]
_NOTE = (
    "Discrimination is of pairs of one fold; calibration and Brier score of the "
    "probabilities or risks of all folds of a repeat, risks against pseudo-values. "
    "Intervals: jackknife by patient, Student's t; those of AUC and C-index widened as "
    "in the table of discrimination."
)
_TEST_NOTE = (
    "Welch's test that the subgroups by one variable have one value; AUC, C-index and "
    "Brier score as log odds. Adjusted by Holm for all tests of the arm. With few "
    "subjects a difference that matters may well be missed: that none is found is no "
    "sign that there is none."
)
_FAIR_NOTE = (
    "Subjects are classified by a cut of the score that each fold chose in "
    "development, or by a declared probability. Mean over repeats, Wilson's intervals. "
    "O:E: observed by expected events. PPV and NPV differ between subgroups wherever "
    "events are more frequent in one of them, also by a fair model."
)


def subgroups_section(results: Results, endpoint: str) -> Section | None:
    """Subgroups of an endpoint; None if none are declared."""
    if not results.has("subgroups"):
        return None
    found = [
        _mine(results, kind, endpoint)
        for kind in ("subgroups", "subgroup_tests", "fairness")
    ]
    values, tests, classes = found
    return section(
        f"subgroups-{endpoint}",
        f"{results.endpoint_label(endpoint)}: subgroups",
        text(*_introduction(results, tests)),
        _values(results, values, endpoint),
        _tests(results, tests, endpoint),
        _fairness(results, classes, endpoint),
    )


def _mine(results: Results, kind: str, endpoint: str) -> pd.DataFrame:
    """Rows of the headline arm, schemes in their order."""
    rows = results.of(kind, endpoint=endpoint, arm=results.headline)
    order = [scheme.name for scheme in EVALUATED]
    placed = rows.assign(place=rows["scheme"].map(order.index))
    return placed.sort_values("place", kind="stable")


def _introduction(results: Results, tests: pd.DataFrame) -> Iterator[str]:
    """Number of tests, what noise gives of them, and what they found."""
    evaluation = results.settings.evaluation
    least = evaluation.smallest_subgroup
    yield (
        f"Subgroups were declared by {n.listed(_names(results).values())}. One of "
        f"fewer than {least.subjects} subjects or {least.events} events is counted, "
        "not judged."
    )
    known = tests[
        (tests["scheme"] == leading_scheme(tests["scheme"])) & tests["p_value"].notna()
    ]
    if known.empty:
        yield "No two subgroups by one variable could be compared."
        return
    chance = 0.05 * len(known)
    low = int((known["p_value"] < 0.05).sum())
    left = int((known["p_adjusted"] < 0.05).sum())
    yield (
        f"In cross-validation, {n.plural(len(known), 'test')} asked whether subgroups "
        f"differ: {low} with P < 0.05, where {n.decimal(chance, 1)} are expected of "
        f"noise, and {left} after adjustment for all of them (Holm)."
    )


def _names(results: Results) -> dict[str, str]:
    return subgroup_names(results.settings)


def _values(results: Results, rows: pd.DataFrame, endpoint: str) -> Block | None:
    """One line per subgroup, one column per measure."""
    measures = list(dict.fromkeys(_measure(row) for _, row in rows.iterrows()))
    lines: dict[tuple[str, str, str], list[str]] = {}
    for _, row in rows.iterrows():
        key = row["scheme"], row["subgroup"], row["level"]
        head = [_part(results, row), labels.SCHEMES[row["scheme"]]]
        line = lines.setdefault(key, [*head, str(row["n"]), str(row["n_events"])])
        line.append(_value(row))
    return table(
        f"“{results.arm_label(results.headline)}” in subgroups",
        ["Subgroup", "Scheme", "Subjects", "Events", *measures],
        lines.values(),
        _NOTE,
        folded=len(lines) > 20,
        shows="subgroups",
        endpoint=endpoint,
    )


def _value(row: pd.Series) -> str:
    if pd.isna(row["estimate"]):
        return n.NONE
    if pd.isna(row["lower"]):
        return n.decimal(row["estimate"])
    return n.interval(row)


def _measure(row: pd.Series) -> str:
    days = row["horizon_days"]
    when = "" if pd.isna(days) else f", {days:g} days"
    return _MEASURES[row["measure"]] + when


def _part(results: Results, row: pd.Series) -> str:
    if row["subgroup"] == ALL:
        return "All subjects"
    name = row["subgroup"]
    return f"{_names(results).get(name, name)}: {row['level']}"


def _tests(results: Results, rows: pd.DataFrame, endpoint: str) -> Block | None:
    names = _names(results)
    return table(
        "Do subgroups differ?",
        ["By", "Scheme", "Measure", "Compared", "Left out", "P", "P, adjusted"],
        [
            [
                names.get(row["subgroup"], row["subgroup"]),
                labels.SCHEMES[row["scheme"]],
                _measure(row),
                str(row["n_levels"]),
                _or_none(row["left_out"]),
                _p_value(row),
                n.decimal(row["p_adjusted"], 3) if pd.notna(row["p_value"]) else n.NONE,
            ]
            for _, row in rows.iterrows()
        ],
        _TEST_NOTE,
        shows="subgroup_tests",
        endpoint=endpoint,
    )


def _p_value(row: pd.Series) -> str:
    if pd.isna(row["p_value"]):
        return f"no test: {row['reason']}"
    return n.decimal(row["p_value"], 3)


def _or_none(value: Any) -> str:
    return n.NONE if pd.isna(value) else str(value)


def _fairness(results: Results, rows: pd.DataFrame, endpoint: str) -> Block | None:
    """Classes by subgroup in cross-validation; a sentence where there are none."""
    shown = rows[rows["scheme"] == leading_scheme(rows["scheme"])]
    if shown.empty:
        return text(
            "Sensitivity and specificity of an outcome with times need a day at which "
            "they are judged; the endpoint declares none (evaluate_at_days)."
        )
    return table(
        "Fairness: classes by subgroup, in cross-validation",
        _CLASSES,
        [_class_row(results, row) for _, row in shown.iterrows()],
        _FAIR_NOTE,
        folded=True,
        shows="fairness",
        endpoint=endpoint,
    )


def _class_row(results: Results, row: pd.Series) -> list[str]:
    return [
        _rule(row),
        _part(results, row),
        str(row["n"]),
        str(row["n_events"]),
        *(_share(row, one) for one in ("sensitivity", "specificity", "ppv", "npv")),
        _short(row["observed_to_expected"]),
    ]


def _rule(row: pd.Series) -> str:
    if pd.notna(row["threshold"]):
        name = f"probability {row['threshold']:g}"
    else:
        name = _RULES.get(row["rule"], row["rule"])
    days = row["horizon_days"]
    return name if pd.isna(days) else f"{name}, {days:g} days"


def _share(row: pd.Series, name: str) -> str:
    if pd.isna(row[name]):
        return n.NONE
    bounds = (n.decimal(row[f"{name}_{end}"]) for end in ("lower", "upper"))
    return f"{n.decimal(row[name])} ({' to '.join(bounds)})"


def _short(value: float) -> str:
    return n.NONE if pd.isna(value) else n.decimal(value)
