"""Discrimination in detail: operating points, areas, C-indices and AUC at days."""

from typing import Any

import pandas as pd

from ....evaluation.discrimination.measures import AUC_AT, HARRELL, PARTIAL_AUC, UNO
from ....figures import labels
from ....folds.scheme import kind_of
from ....statistics.discrimination import AUC
from ... import numbers as n
from ...blocks import Section, Table, section, table, text
from ...results import Results
from .operating_points import in_order, points_table


def discrimination_section(results: Results, endpoint: str) -> Section | None:
    """Section of an endpoint; none if nothing was measured in detail."""
    measured = results.of("discrimination", endpoint=endpoint)
    points = results.of("operating_points", endpoint=endpoint)
    if measured.empty and points.empty:
        return None
    return section(
        f"discrimination-{endpoint}",
        f"{results.endpoint_label(endpoint)}: discrimination in detail",
        text(*_sentences(results, endpoint)),
        points_table(results, points, overall=True),
        points_table(results, points, overall=False),
        _measures_table(results, endpoint, measured),
        _differences_table(results, endpoint),
    )


def discrimination_paragraph(results: Results) -> str:
    """Methods of the measures in detail; empty if there are none."""
    if results["discrimination"].empty:
        return ""
    options = results.settings.evaluation
    kinds = {results.outcome(name).has_times for name in results.endpoints}
    told = []
    if False in kinds:
        told.append(
            "Sensitivity, specificity and predictive values were computed on "
            f"evaluation subjects at {_rules(results)}, with Wilson intervals. The "
            "partial AUC "
            f"above a specificity of {options.least_specificity:g} was standardized "
            "after McClish."
        )
    if True in kinds:
        told.append(
            "Harrell's and Uno's C (inverse probability of censoring weights) were "
            "truncated at a last day, and the cumulative/dynamic AUC was weighted by "
            "the inverse probability of follow-up, with errors by influence functions."
        )
    return " ".join(told)


def _rules(results: Results) -> str:
    """Thresholds in words."""
    options = results.settings.evaluation.thresholds
    found = [
        "the largest Youden index in development"
        if asked is None
        else f"a {rule} of {100 * asked:g} % in development"
        for rule, asked in options.asked.items()
    ]
    found += [f"a risk of {100 * one:g} %" for one in options.probabilities]
    return n.listed(found) or "no threshold"


def _sentences(results: Results, endpoint: str) -> list[str]:
    """Remarks on what cannot be shown, and what the numbers do not say."""
    if not results.outcome(endpoint).has_times:
        return []
    settings = results.settings.endpoints[endpoint]
    declared = results.settings.evaluation.thresholds.probabilities
    found = []
    if not settings.evaluate_at_days:
        found.append(
            "AUC at days, and operating points at given risks, need days that are "
            "declared (evaluate_at_days); there are none."
        )
    elif not declared:
        found.append(
            "Operating points of an outcome with times need risks that are thresholds "
            "(evaluation.thresholds.probabilities); there are none."
        )
    if "competing" in settings.questions:
        found.append(
            "C-indices censor subjects at an event of another cause; the AUC at a day "
            "and operating points count them as subjects without the event of interest."
        )
    return found


def _measures_table(
    results: Results, endpoint: str, rows: pd.DataFrame
) -> Table | None:
    """AUC and partial AUC, or C-indices and AUC at days, of all arms."""
    if rows.empty:
        return None
    value = f"Value ({results.confidence} interval)"
    return table(
        "Discrimination in detail",
        ["Arm", "Scheme", "Measure", value, "Events"],
        [
            [
                results.arm_label(row["arm"]),
                labels.SCHEMES.get(row["scheme"], row["scheme"]),
                _measure(row),
                _value(row),
                f"{row['n_events']} of {row['n']}",
            ]
            for row in in_order(results, rows)
        ],
        f"{_interval_note(rows)} Events are those that count in the measure.",
        folded=True,
        shows="discrimination",
        endpoint=endpoint,
    )


def _differences_table(results: Results, endpoint: str) -> Table | None:
    rows = results.of("discrimination_differences", endpoint=endpoint)
    if rows.empty:
        return None
    value = f"Difference ({results.confidence} interval)"
    return table(
        f"Differences to “{results.arm_label(results.reference)}” in detail",
        ["Arm", "Scheme", "Measure", value, "Both", "p", "Events"],
        [_difference_row(results, row) for row in in_order(results, rows)],
        f"{_interval_note(rows)} p is two-sided, by the error of the interval, and not "
        "corrected for the number of comparisons.",
        folded=True,
        shows="discrimination_differences",
        endpoint=endpoint,
    )


def _difference_row(results: Results, row: dict[str, Any]) -> list[str]:
    both = [n.decimal(row[f"estimate_{one}"]) for one in ("arm", "reference")]
    return [
        results.arm_label(row["arm"]),
        labels.SCHEMES.get(row["scheme"], row["scheme"]),
        _measure(row),
        _value(row),
        " against ".join(both),
        _p_value(row["p_value"]),
        f"{row['n_events']} of {row['n']}",
    ]


def _interval_note(rows: pd.DataFrame) -> str:
    """Method of the intervals of a table."""
    once = [kind_of(scheme).once for scheme in sorted(set(rows["scheme"]))]
    found = []
    if not all(once):
        found.append(
            "Means over folds; jackknife errors by subjects, with that of the weights "
            "in the AUC at a day, widened by what the main metric shows under permuted "
            "outcomes."
        )
    if any(once):
        found.append(
            "Of a declared evaluation set, DeLong's error (of C-indices the jackknife) "
            "with the models as they were fitted."
        )
    return " ".join(found)


def _measure(row: dict[str, Any]) -> str:
    """Measure of a row in words, with what it depends on."""
    name = row["measure"]
    until = f" to day {row['until_days']:.0f}" if pd.notna(row["until_days"]) else ""
    words = {
        AUC: "AUC",
        PARTIAL_AUC: f"Partial AUC, specificity {row['least_specificity']:g} to 1",
        HARRELL: f"Harrell's C{until}",
        UNO: f"Uno's C{until}",
        AUC_AT: f"AUC at day {row['horizon_days']:g}",
    }
    within = ", within groups" if row["stratum"] == "within" else ""
    return words.get(name, name) + within


def _value(row: dict[str, Any]) -> str:
    if pd.isna(row["estimate"]) and pd.notna(row["reason"]):
        return f"{n.UNDEFINED}: {row['reason']}"
    return n.interval(row)


def _p_value(value: float) -> str:
    return n.NONE if pd.isna(value) else n.p_value(value)
