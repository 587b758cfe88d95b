"""Course of survival of an endpoint: risk groups over time, effects that change."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ....figures import labels
from ....folds.scheme import CV, kind_of
from ....statistics import risk_groups
from ... import numbers as n
from ...blocks import Block, Table, table, text
from ...results import Results

_DAYS_PER_MONTH = 365.25 / 12
_SET = ["scheme", "fold"]
#: Transform of time whose test is printed.
_SHOWN = "km"
_WHY = (
    "Where several folds come together, the groups of a subject were made by models "
    "that learnt from the outcomes of the others: a log-rank p or an interval of the "
    "difference would take them as given (of noise, 12 % of such p-values lie below "
    "0.05), so there is none, and the p-value of permuted outcomes stands. A declared "
    "evaluation set has nobody of the development set, so that the log-rank p holds."
)

_HOW_GROUPS = (
    "pointwise, of the subjects of a group; log-log of medians and survival, normal of "
    "restricted means. Restricted means are those of survival until the time that is "
    "named. Other arms are in the tables of results."
)
_HOW_HAZARDS = (
    "Score test of an effect that changes with time (transformed by the Kaplan-Meier "
    "estimate), in evaluation subjects; folds are strata, and scores are taken as "
    "given. Covariates stand in one model, that of the reference arm. Ranks, days and "
    "their logarithm are in the table of results; p-values are not corrected for their "
    "number. A large p does not show that hazards are proportional."
)


def course_blocks(results: Results, endpoint: str) -> list[Block]:
    """Blocks on the course of survival; none of an endpoint without times."""
    if results.of("group_survival", endpoint=endpoint).empty:
        return []
    found: list[Block | None] = [
        text(*_introduction(results, endpoint)),
        _groups_table(results, endpoint),
        _differences_table(results, endpoint),
        _hazards_table(results, endpoint),
    ]
    return [block for block in found if block]


def course_paragraph(results: Results) -> str:
    """Methods of the course of survival; empty without an endpoint with times."""
    if results["group_survival"].empty:
        return ""
    cut = risk_groups.described(results.settings.evaluation.risk_groups)
    return (
        f"Risk groups were cut at {cut} in each development set. Their survival was "
        "estimated by Kaplan and Meier's method (log-log intervals; Greenwood's "
        "variance, or influences summed by cluster), with medians and restricted means "
        "until the largest time that all groups were followed to. Groups were compared "
        "by the log-rank test in declared evaluation sets, and by permuted outcomes in "
        "cross-validation. Proportional hazards of scores and clinical covariates were "
        "tested in evaluation subjects by the score test of Grambsch and Therneau "
        "(1994), time transformed by the Kaplan-Meier estimate, folds as strata; the "
        "effect of a score over time is a restricted cubic spline."
    )


def _introduction(results: Results, endpoint: str) -> Iterator[str]:
    settings = results.settings.endpoints[endpoint]
    cut = risk_groups.described(results.settings.evaluation.risk_groups)
    yield (
        f"Course of survival. Scores are cut into risk groups at {cut} of the "
        "development set that scored a subject, never by the subjects described here."
    )
    if settings.kind == "competing":
        yield (
            f"Causes compete: all of this is about the cause-specific hazard of "
            f"{settings.causes[settings.cause]}, subjects with another cause censored "
            "then. Survival, medians and restricted means are those if other causes "
            "did not come first, not shares of patients; these are in the cumulative "
            "incidence."
        )
    if results.of("group_survival_at", endpoint=endpoint).empty:
        yield (
            "No time is declared (evaluate_at_days of the endpoint), so that survival "
            "at a time is not told."
        )


def _own(results: Results, kind: str, endpoint: str) -> pd.DataFrame:
    """Rows of the headline and the reference arm, in this order."""
    order = [results.headline, results.reference]
    rows = results.of(kind, endpoint=endpoint)
    rows = rows[rows["arm"].isin(order)]
    place = rows["arm"].map({arm: n for n, arm in reversed(list(enumerate(order)))})
    first = (rows["scheme"] != CV.name).astype(int)
    keys = ["place", "first", *_SET]
    return rows.assign(place=place, first=first).sort_values(keys, kind="stable")


def _set_label(row: Any) -> str:
    label = labels.SCHEMES.get(row["scheme"], row["scheme"])
    return label if row["fold"] == "all" else f"{label}: {row['fold']}"


def _months(value: Any) -> str:
    return n.decimal(value / _DAYS_PER_MONTH, 1)


def _in_months(row: Any, estimate: str, reason: str) -> str:
    """A number of days with its interval, in months."""
    names = {"estimate": estimate, "lower": "lower", "upper": "upper"}
    values = {name: row[key] / _DAYS_PER_MONTH for name, key in names.items()}
    return n.interval({**values, "reason": reason}, 1)


def _groups_table(results: Results, endpoint: str) -> Table:
    rows = _own(results, "group_survival", endpoint)
    at = results.of("group_survival_at", endpoint=endpoint)
    days = sorted(set(at["horizon_days"].dropna()))
    return table(
        "Risk groups over time",
        [
            "Arm",
            "Subjects compared",
            "Risk group",
            "Events",
            "Median (months)",
            *(f"Survival at {_months(one)} months" for one in days),
            "Restricted mean (months)",
        ],
        [_group_row(results, at, days, row) for _, row in rows.iterrows()],
        f"{results.confidence} intervals, {_HOW_GROUPS}",
        shows="group_survival",
        endpoint=endpoint,
    )


def _group_row(
    results: Results, at: pd.DataFrame, days: list[float], row: Any
) -> list[str]:
    mean, tau = _in_months(row, "rmst_days", _short(row)), _months(row["tau_days"])
    return [
        results.arm_label(row["arm"]),
        _set_label(row),
        risk_groups.label(row["risk_group"]),
        f"{row['n_events']} of {row['n']}",
        _median(row),
        *(_survival(at, row, one) for one in days),
        f"{mean} until {tau}",
    ]


def _short(row: Any) -> str:
    return "no interval: few events" if pd.notna(row["reason"]) else "no interval"


def _median(row: Any) -> str:
    if pd.isna(row["median_days"]):
        return "not reached"
    low, high = (
        "not reached" if pd.isna(row[key]) else _months(row[key])
        for key in ("median_lower", "median_upper")
    )
    return f"{_months(row['median_days'])} ({low} to {high})"


def _survival(at: pd.DataFrame, group: Any, days: float) -> str:
    """Survival of a group at a declared time."""
    keys = ["arm", *_SET, "risk_group"]
    same = (at[keys] == group[keys]).all(axis=1) & (at["horizon_days"] == days)
    if not same.any():
        return n.NONE
    row = at[same].iloc[0]
    if pd.isna(row["survival"]):
        return row["reason"]
    return n.interval({**row, "estimate": row["survival"]})


def _differences_table(results: Results, endpoint: str) -> Table:
    rows = _own(results, "rmst_differences", endpoint)
    return table(
        "Differences between the risk groups",
        [
            "Arm",
            "Subjects compared",
            "Risk groups",
            "Difference of restricted means (months)",
            "Until (months)",
            "Test of all groups",
        ],
        [_difference_row(results, row) for _, row in rows.iterrows()],
        f"{results.confidence} intervals. {_WHY}",
        shows="rmst_differences",
        endpoint=endpoint,
    )


def _difference_row(results: Results, row: Any) -> list[str]:
    return [
        results.arm_label(row["arm"]),
        _set_label(row),
        f"{row['risk_group']} minus {row['reference_group']}",
        _in_months(row, "difference_days", _no_interval(row)),
        _months(row["tau_days"]),
        "; ".join(_tests(results, row)),
    ]


def _no_interval(row: Any) -> str:
    learnt = str(row["reason"]).startswith("no p-value or interval")
    return "no interval: groups were learnt" if learnt else str(row["reason"])


def _tests(results: Results, row: Any) -> Iterator[str]:
    """Log-rank tests of a declared set, or the permutation p of cross-validation."""
    own = {key: row[key] for key in ("endpoint", "arm")}
    if row["scheme"] == CV.name:
        for _, one in results.of("risk_groups", **own).iterrows():
            yield f"log-rank Z {n.decimal(one['log_rank_z'])}"
            yield (
                f"no p: {one['reason']}"
                if pd.isna(one["p_value"])
                else f"{_p(one['p_value'])} by permutation (one-sided)"
            )
        return
    if not kind_of(row["scheme"]).once:
        yield "no p-value: groups were learnt"
        return
    where = {key: row[key] for key in _SET}
    for _, one in results.of("log_rank_tests", **own, **where).iterrows():
        within = "" if pd.isna(one["within"]) else f" within {_within(one['within'])}"
        if pd.isna(one["p_value"]):
            yield f"log-rank{within}: {one['reason'].partition(':')[0]}"
            continue
        yield f"log-rank {_p(one['p_value'])}{within}"
        if one["n_groups"] > 2:
            yield f"trend {_p(one['trend_p_value'])}{within}"


def _within(name: str) -> str:
    return {"group": "groups", "stratum": "strata"}.get(name, name)


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {n.decimal(value, 3)}"


def _hazards_table(results: Results, endpoint: str) -> Table | None:
    rows = _own(results, "proportional_hazards", endpoint)
    rows = rows[rows["transform"] == _SHOWN]
    if rows.empty:
        return None
    return table(
        "Proportional hazards",
        ["Term", "Subjects compared", "Chi-squared", "p", "Events"],
        [_hazard_row(results, row) for _, row in rows.iterrows()],
        _HOW_HAZARDS,
        shows="proportional_hazards",
        endpoint=endpoint,
    )


def _hazard_row(results: Results, row: Any) -> list[str]:
    return [
        _term(results, row),
        _set_label(row),
        f"{n.decimal(row['chi_squared'])} (df {row['df']})",
        _p(row["p_value"]) if pd.notna(row["p_value"]) else row["reason"],
        f"{row['n_events']} of {row['n']}",
    ]


def _term(results: Results, row: Any) -> str:
    if row["kind"] == "score":
        return f"Score of “{results.arm_label(row['arm'])}”"
    if row["term"] == "GLOBAL":
        return "All covariates"
    return results.covariate_label(row["term"])
