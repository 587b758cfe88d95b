"""Outcome and group: the panel, the warnings, and what no value can tell."""

from collections.abc import Iterator

import pandas as pd

from ....figures import labels
from ....harmonization.diagnostics.confounding import (
    ASSOCIATED,
    NOT_SHOWN,
    SEPARATED,
    UNDEFINED,
    WEAK,
)
from ....statistics.discrimination import C_INDEX
from ... import numbers as n
from ...blocks import Table, table
from ...results import Results

_WORDS = {
    SEPARATED: "cannot be told apart",
    ASSOCIATED: "go together",
    WEAK: "go together, but little",
    NOT_SHOWN: "no association shown",
    UNDEFINED: n.UNDEFINED,
}


def group_name(results: Results) -> str:
    """The group by its name: site, or an image and a column of its facts."""
    return results.settings.validation.group


def the_group(results: Results) -> str:
    """The group in a sentence: the site, or the name of a fact."""
    name = group_name(results)
    return "the site" if name == "site" else name


def confounding_tables(results: Results) -> Iterator[Table]:
    """Events by group, and outcome and group beside each other."""
    rows, tests = results["confounding"], results["confounding_tests"]
    name, the = group_name(results), the_group(results)
    if len(rows):
        yield table(
            f"Events by {name}",
            ["Endpoint", "Group", *_EVENT_COLUMNS],
            [_events(results, row) for _, row in _sorted(rows, "group").iterrows()],
            "Expected: if groups did not differ (of a survival outcome, from the "
            "subjects at risk at each event). Days: Kaplan-Meier medians.",
        )
    if len(tests):
        yield table(
            f"{name[:1].upper()}{name[1:]} and outcome",
            ["Endpoint", "Association", "By chance", "p", *_ALONE, "Verdict"],
            [_test(results, row) for _, row in _sorted(tests).iterrows()],
            "Association: bias-corrected Cramér's V, or of a survival outcome the SD "
            "of the log hazard between groups; beside it, its mean over permuted "
            "groups. p: permuted groups (chi-squared, or log-rank), adjusted over the "
            f"endpoints by Holm. Alone: a score that knows of a subject only {the} "
            "and the events of the development subjects there, in "
            "cross-validation; 0.5 on average if outcome and group are independent. "
            "Where subjects of one group are compared, or a group is left out, it is "
            "0.5 by construction. Pairs: subjects whose outcomes can be compared; "
            "values within groups rest on those of one group.",
        )


_EVENT_COLUMNS = [
    "Events",
    "Expected",
    "Median event-free (days)",
    "Median follow-up (days)",
]
_ALONE = ["Group alone", "Pairs within a group"]


def separated_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of a warning for outcomes that cannot be told from the group."""
    the = the_group(results)
    rows = results.of("confounding_tests", verdict=SEPARATED)
    for _, row in _sorted(rows).iterrows():
        yield (
            _capital(nothing_within(results, row)),
            f"{results.endpoint_label(row['endpoint'])}: nothing here can be told from "
            f"{the}. A model that recognizes {the} is right without knowing "
            "anything of the disease, and no value within groups exists to contradict "
            "it. No headline value is given.",
        )


def confounding_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text of a warning for outcomes that go with the group."""
    name, the = group_name(results), the_group(results)
    linked = results.of("confounding_tests", verdict=ASSOCIATED)
    if len(linked):
        said = (_association(results, row) for _, row in _sorted(linked).iterrows())
        yield (
            f"{_capital(name)} and outcome go together",
            f"{'; '.join(said)}. A model can score by recognizing {the}; read the "
            "values within groups and with groups left out.",
        )


def confounding_sentence(results: Results, endpoint: str) -> Iterator[str]:
    """The worth of the group alone for an endpoint, and how sure the difference is."""
    for _, row in results.of("confounding_tests", endpoint=endpoint).iterrows():
        if row["n_groups"] > 1 and pd.notna(row["group_alone"]):
            reached = f"{labels.metric(row['metric'])} {n.decimal(row['group_alone'])}"
            yield (
                f"Event rates of {the_group(results)} alone reached {reached} in "
                f"cross-validation; {_MEANING[row['verdict']]}{_in_brackets(row)}."
            )


_MEANING = {
    SEPARATED: "no two subjects of one group can be compared",
    ASSOCIATED: "the outcome differs between groups",
    WEAK: "the outcome differs between groups more than by chance, but little",
    NOT_SHOWN: "a difference of the outcome between groups is not shown, which a small "
    "study could miss",
    UNDEFINED: "whether the outcome differs between groups cannot be tested",
}


def _in_brackets(row: pd.Series) -> str:
    return "" if row["verdict"] == UNDEFINED else f" ({_size(row)})"


def withheld(results: Results, endpoint: str) -> list[str]:
    """Sentences in place of the findings of an endpoint; none if it has findings."""
    rows = results.of("confounding_tests", endpoint=endpoint, verdict=SEPARATED)
    if rows.empty:
        return []
    return [
        f"No headline value is given: {nothing_within(results, rows.iloc[0])}, so that "
        f"nothing here can be told from {the_group(results)}.",
        *confounding_sentence(results, endpoint),
    ]


def nothing_within(results: Results, row: pd.Series) -> str:
    """A clause that says that no subjects of one group can be compared."""
    name = group_name(results)
    group = "site" if name == "site" else f"group of {name}"
    if row["metric"] == C_INDEX:
        return f"no {group} has two subjects whose times can be compared"
    return f"no {group} has both outcomes"


def _sorted(rows: pd.DataFrame, *more: str) -> pd.DataFrame:
    return rows.sort_values(["endpoint", *more])


def _events(results: Results, row: pd.Series) -> list[str]:
    return [
        results.endpoint_label(row["endpoint"]),
        row["group"],
        n.share(row["n_events"], row["n"]),
        n.decimal(row["n_expected"], 1),
        _days(row["median_event_free_days"]),
        _days(row["median_follow_up_days"]),
    ]


def _days(value: float) -> str:
    return n.NONE if pd.isna(value) else n.decimal(value, 0)


def _test(results: Results, row: pd.Series) -> list[str]:
    alone = f"{labels.metric(row['metric'])} {n.decimal(row['group_alone'])}"
    return [
        results.endpoint_label(row["endpoint"]),
        n.decimal(row["strength"]),
        n.decimal(row["chance"]),
        n.p_value(row["p_adjusted"]),
        alone if pd.notna(row["group_alone"]) else n.UNDEFINED,
        n.share(row["n_pairs_within"], row["n_pairs"]),
        _WORDS[row["verdict"]],
    ]


def _association(results: Results, row: pd.Series) -> str:
    pairs = n.share(row["n_pairs_within"], row["n_pairs"])
    return (
        f"{results.endpoint_label(row['endpoint'])} ({_size(row)}; {pairs} comparable "
        "pairs lie within a group)"
    )


def _size(row: pd.Series) -> str:
    """Size of an association with that of chance, and the p value."""
    what = (
        "SD of the log hazard between groups"
        if row["metric"] == C_INDEX
        else "Cramér's V"
    )
    return (
        f"{what} {n.decimal(row['strength'])}, by chance {n.decimal(row['chance'])}; "
        f"p {_equals(row['p_adjusted'])}"
    )


def _equals(value: float) -> str:
    text = n.p_value(value)
    return text if text.startswith("<") else f"= {text}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
