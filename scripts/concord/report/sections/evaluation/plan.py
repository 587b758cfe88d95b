"""Section on the registered plan, what departs from it, and the sealed test set."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....figures import labels
from ....folds.sealing import CLUSTER
from ... import numbers as n
from ...blocks import Block, Section, Table, section, table, text
from ...results import Results

_NOT_REGISTERED = (
    "No plan was registered: nothing shows that the analysis was chosen before its "
    "result."
)
_PARTS = {
    "config": "Configuration",
    "sheets": "Sheet",
    "code": "Code",
    "features": "Features",
    "folds": "Folds",
    "sealed": "Sealed subjects",
}
_METRICS = {
    "calibration_in_the_large": "calibration in the large",
    "observed_to_expected": "observed to expected",
}
_ONLY_FIRST = (
    "Only the first look is a test: whoever changes the pipeline after a look may have "
    "been led by it, so later looks describe, and confirm nothing."
)
_NOTE = (
    "Final models of all development subjects, judged on subjects that nothing was "
    "learnt from. Calibration in the large: what must be added to every score, 0 is "
    "perfect; observed to expected events, 1 is perfect. Intervals take the model as "
    "it is."
)


def plan_section(results: Results) -> Section:
    """Registered plan, deviations by key, sealed subjects and looks at them."""
    return section("plan", "Plan", *_plan_blocks(results), *_sealed_blocks(results))


def _plan_blocks(results: Results) -> Iterator[Block]:
    versions = results["registrations"]
    if versions.empty:
        yield text(_NOT_REGISTERED)
        return
    yield _version_table(versions)
    departed = results["plan_deviations"]
    last = str(versions["version"].max())
    now = departed[departed["until"] == "now"]
    if now.empty:
        yield text(f"No deviation from version {last} of the registered plan.")
    else:
        yield text(
            f"{n.plural(len(now), 'deviation')} from version {last} of the registered "
            f"plan: {_counted(now)}."
        )
    if len(departed):
        yield _deviation_table(departed)


def _version_table(versions: pd.DataFrame) -> Table:
    return table(
        "Registered plan",
        ["Version", "Registered", "Plan", "Sealed subjects", "When"],
        [
            [
                str(row["version"]),
                row["registered"],
                row["plan"],
                str(row["n_sealed"]),
                _when(row),
            ]
            for _, row in versions.iterrows()
        ],
        "registered/registration.md holds the plan in words, registration.json its "
        "values and hashes.",
        shows="registrations",
    )


def _when(row: pd.Series) -> str:
    if row["after_results"]:
        return "after arms had been judged"
    return "before any arm was judged"


def _deviation_table(departed: pd.DataFrame) -> Table:
    return table(
        "Deviations from the registered plan, by key",
        ["From version", "Until", "Part", "Key", "Registered", "Found"],
        [
            [
                str(row["version"]),
                row["until"],
                _PARTS[row["part"]],
                row["key"],
                _value(row["registered"]),
                _value(row["found"]),
            ]
            for _, row in departed.iterrows()
        ],
        "Values of keys of the configuration; hashes of sheets (without outcomes), "
        "code, features, folds and of the list of sealed subjects.",
        shows="plan_deviations",
    )


def _counted(rows: pd.DataFrame) -> str:
    counts = rows["part"].value_counts()
    return n.listed(
        f"{counts[part]} in {words.lower()}"
        for part, words in _PARTS.items()
        if part in counts
    )


def _value(value: Any) -> str:
    return n.NONE if pd.isna(value) else str(value)


def _sealed_blocks(results: Results) -> Iterator[Block]:
    looks = results["sealed_looks"]
    if results.has("sealed_subjects"):
        yield text(_sealed_sentence(results["sealed_subjects"], looks.empty))
    if looks.empty:
        return
    yield _look_table(looks)
    yield text(_looks_sentence(looks))
    yield _result_table(results, looks)


def _sealed_sentence(sealed: pd.DataFrame, unopened: bool) -> str:
    sites = n.distinct(sealed["site"])
    beside = int((sealed["sealed_by"] == CLUSTER).sum())
    told = (
        f" {n.plural(beside, 'subject')} of them only because another one of the "
        "cluster is: a cluster is sealed as a whole."
        if beside
        else ""
    )
    opened = " Nobody has looked at them yet." if unopened else ""
    return (
        f"{n.plural(len(sealed), 'subject')} of {sites} are sealed: they are in no "
        "cohort, fold, fit, filter, harmonization, table or figure of this page but "
        f"in the looks that are listed here.{told}{opened}"
    )


def _look_table(looks: pd.DataFrame) -> Table:
    first = looks.drop_duplicates("look")
    return table(
        "Every look at the sealed subjects",
        ["Look", "Date", "Pipeline", "What it is", "Changed since", "Plan", "Reason"],
        [
            [
                str(row["look"]),
                row["opened"],
                row["pipeline"],
                "the test" if row["look"] == 1 else "a look of a changed pipeline",
                _value(row["changed"]),
                n.NONE if pd.isna(row["version"]) else f"version {row['version']}",
                _value(row["why"]),
            ]
            for _, row in first.iterrows()
        ],
        "Each line of the ledger, registered/sealed_ledger.jsonl, holds the hash of "
        "the line before, so that an edit is seen.",
    )


def _looks_sentence(looks: pd.DataFrame) -> str:
    count = looks["look"].nunique()
    if count == 1:
        return "The sealed subjects were looked at once."
    return f"The sealed subjects were looked at {count} times. {_ONLY_FIRST}"


def _result_table(results: Results, looks: pd.DataFrame) -> Table:
    return table(
        "Results on the sealed subjects",
        ["Look", "Endpoint", "Arm", "Measure", f"Value ({results.confidence})", "n"],
        [
            [
                str(row["look"]),
                results.endpoint_label(row["endpoint"]),
                _arm(results, row),
                _measure(row["metric"]),
                n.interval(row),
                f"{n.counted(row)}; {row['n_unscored']} not scored",
            ]
            for _, row in looks.iterrows()
        ],
        f"{_NOTE} Methods: {n.listed_methods(looks)}.",
        shows="sealed_looks",
    )


def _arm(results: Results, row: pd.Series) -> str:
    label = results.arm_label(row["arm"])
    if pd.isna(row["against"]):
        return label
    return f"{label} less {results.arm_label(row['against'])}"


def _measure(metric: str) -> str:
    if metric in _METRICS:
        return _METRICS[metric]
    name = metric.removesuffix("_difference")
    words = labels.metric(name)
    return words if name == metric else f"difference of {words}"
