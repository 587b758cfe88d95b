"""Causes that compete: incidence, effects on hazard and incidence, tests of groups."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ....evaluation.competing.variables import LEARNT, SCORES
from ....folds.causes import ordered_causes
from ....folds.settings import EndpointSection
from ....statistics import risk_groups
from ....statistics.risk_groups import ALL, ordered
from ... import numbers as n
from ...blocks import Block, Table, table, text
from ...results import Results

_DAYS_PER_YEAR = 365.25
_YEARS = (0.25, 0.5, 1, 2, 3, 5, 10)
_MOST_TIMES = 3
#: Share of subjects that must still be at risk at a time that a table shows.
_LEAST_AT_RISK = 0.1


def competing_blocks(results: Results, endpoint: str) -> list[Block]:
    """Blocks on the causes of one endpoint; none if it has no competing causes."""
    if results.of("competing_tests", endpoint=endpoint).empty:
        return []
    blocks = [
        text(_causes(results, endpoint)),
        _incidence_table(results, endpoint),
        _effects_table(results, endpoint),
        text(*_apart(results, endpoint)),
        _tests_table(results, endpoint),
    ]
    return [block for block in blocks if block]


def competing_paragraph(results: Results) -> str:
    """Methods of endpoints with competing causes; empty if there is none."""
    competing = [
        f"{results.endpoint_label(name)} ({_interest(settings)} against {others})"
        for name, settings in sorted(results.settings.endpoints.items())
        if (others := n.listed(_others(settings)))
    ]
    if not competing:
        return ""
    return (
        f"Causes compete in {n.listed(competing)}. Arms model the hazard of the "
        "cause of interest, other causes censored. Cumulative incidence was "
        "estimated by Aalen and Johansen's method, with log-log intervals. Effects of "
        "each covariate, factor and score alone were estimated on the cause-specific "
        "hazard (Cox regression, Efron ties) and on the subdistribution hazard (Fine "
        "and Gray 1999, robust errors). Fixed groups were compared by Gray's test "
        "(1988)."
    )


def _interest(settings: EndpointSection) -> str:
    return settings.causes[settings.cause]


def _others(settings: EndpointSection) -> list[str]:
    return [settings.causes[code] for code in ordered_causes(settings)[1:]]


def _causes(results: Results, endpoint: str) -> str:
    """Events of each cause, and what the models and curves above stand for."""
    settings = results.settings.endpoints[endpoint]
    rows = results.of("competing_incidence", endpoint=endpoint, risk_group=ALL)
    counts = [
        f"{int(rows.loc[rows['cause'] == code, 'n_events'].sum())} events of "
        f"{settings.causes[code]}"
        for code in ordered_causes(settings)
    ]
    return (
        f"Causes that compete: {n.listed(counts)}. All arms predict "
        f"{_interest(settings)}; a subject with another cause is censored then, so "
        "that scores, C-index and Kaplan-Meier curves speak of the hazard of this "
        "cause among those who had none. The probability that it happens is the "
        "cumulative incidence, which other causes lower."
    )


def _incidence_table(results: Results, endpoint: str) -> Table | None:
    rows = results.of("competing_incidence", endpoint=endpoint)
    times = _times(rows[rows["risk_group"] == ALL])
    settings = results.settings.endpoints[endpoint]
    shown = [
        [settings.causes[cause], _group(group), *_incidences(part, times)]
        for cause in ordered_causes(settings)
        for group in (ALL, *ordered(set(rows["risk_group"]) - {ALL}))
        if len(part := rows[(rows["cause"] == cause) & (rows["risk_group"] == group)])
    ]
    if not times or not shown:
        return None
    return table(
        "Cumulative incidence",
        ["Cause", "Subjects", "Events", *(f"After {_duration(t)}" for t in times)],
        shown,
        f"Aalen-Johansen estimates with pointwise {results.confidence} intervals "
        "(log-log). Risk groups are those of the headline arm in the first repeat of "
        "the cross-validation.",
        shows="competing_incidence",
        endpoint=endpoint,
    )


def _times(rows: pd.DataFrame) -> list[float]:
    """The last few round times at which enough subjects are at risk, in days."""
    if rows.empty:
        return []
    still = rows["n_at_risk"] >= _LEAST_AT_RISK * rows["n_at_risk"].max()
    last = float(rows.loc[still, "time_days"].max())
    reached = [years * _DAYS_PER_YEAR for years in _YEARS]
    return [days for days in reached if days <= last][-_MOST_TIMES:]


def _group(name: str) -> str:
    return ALL if name == ALL else risk_groups.label(name).lower()


def _duration(days: float) -> str:
    years = days / _DAYS_PER_YEAR
    if years < 1:
        return f"{round(12 * years)} months"
    return n.plural(round(years), "year")


def _incidences(part: pd.DataFrame, times: list[float]) -> Iterator[str]:
    """Events of subjects, then the incidence at each time."""
    subjects, events = int(part["n_at_risk"].max()), int(part["n_events"].sum())
    yield f"{events} of {subjects}"
    days = part["time_days"].to_numpy(dtype=float)
    for time in times:
        row = part.iloc[int(np.searchsorted(days, time, side="right")) - 1]
        if time > days[-1]:
            yield "nobody is followed"
        else:
            yield n.interval({**row, "estimate": row["incidence"]})


def _effects_table(results: Results, endpoint: str) -> Table | None:
    rows = results.of("competing_effects", endpoint=endpoint)
    if rows.empty:
        return None
    kinds = ("Cause-specific", "Subdistribution")
    ratios = [f"{kind} hazard ratio ({results.confidence} interval)" for kind in kinds]
    return table(
        "Effects on the hazard and on the incidence of each cause",
        ["Variable", "Unit", "Cause", ratios[0], "p", ratios[1], "p", "Events"],
        [_effect_row(results, row) for _, row in rows.iterrows()],
        "Each variable in a model of its own. The cause-specific hazard tells what "
        "acts on the event; the subdistribution hazard (Fine-Gray) tells who will have "
        "it, also because other causes come first less often. Scores have no interval: "
        f"{LEARNT}. p-values are not corrected for their number.",
        shows="competing_effects",
        endpoint=endpoint,
    )


def _effect_row(results: Results, row: Any) -> list[str]:
    return [
        _term(results, row),
        row["unit"],
        results.settings.endpoints[row["endpoint"]].causes[row["cause"]],
        *_ratio(row, "specific"),
        *_ratio(row, "subdistribution"),
        f"{row['n_events']} of {row['n']}",
    ]


def _term(results: Results, row: Any) -> str:
    """Variable of a row as it is printed, with its level."""
    if row["kind"] == SCORES:
        return f"Score of “{results.arm_label(row['variable'])}”"
    _, is_level, level = str(row["term"]).partition("=")
    label = results.covariate_label(row["variable"])
    return f"{label}: {level}" if is_level else label


def _ratio(row: Any, prefix: str) -> tuple[str, str]:
    """Hazard ratio with its interval, and its p-value."""
    if pd.isna(row[f"{prefix}_log_hr"]):
        return f"{n.UNDEFINED}: {row[f'{prefix}_reason']}", n.NONE
    keys = {"estimate": "log_hr", "lower": "lower", "upper": "upper"}
    values = {name: np.exp(row[f"{prefix}_{key}"]) for name, key in keys.items()}
    few = str(row[f"{prefix}_reason"]).partition(",")[0]
    reason = "no interval" if row["kind"] == SCORES else f"no interval: {few}"
    p_value = row[f"{prefix}_p_value"]
    shown = n.NONE if pd.isna(p_value) else n.p_value(p_value)
    return n.interval({**values, "reason": reason}), shown


def _apart(results: Results, endpoint: str) -> Iterator[str]:
    """One sentence for each term whose effects on the cause of interest differ."""
    settings = results.settings.endpoints[endpoint]
    rows = results.of("competing_effects", endpoint=endpoint)
    for _, row in rows[rows["cause"] == settings.cause].iterrows():
        if not _differ(row):
            continue
        same = (rows["kind"] == row["kind"]) & (rows["term"] == row["term"])
        others = rows[same & (rows["cause"] != settings.cause)]
        acted = [
            f"{'raises' if other['specific_log_hr'] > 0 else 'lowers'} the hazard of "
            f"{settings.causes[other['cause']]} ({_ratio(other, 'specific')[0]})"
            for _, other in others.iterrows()
            if _sign(other, "specific")
        ]
        why = f", which fits that it {n.listed(acted)}" if acted else ""
        yield (
            f"“{_term(results, row)}” {_said(row, 'specific')} the hazard of "
            f"{_interest(settings)} (hazard ratio {_ratio(row, 'specific')[0]}), but "
            f"{_said(row, 'subdistribution')} its incidence (subdistribution hazard "
            f"ratio {_ratio(row, 'subdistribution')[0]}){why}. The first is about what "
            "causes the event, the second of who will have it."
        )


def _differ(row: Any) -> bool:
    """True if one of both intervals tells a direction that the other does not."""
    return _sign(row, "specific") != _sign(row, "subdistribution")


def _sign(row: Any, prefix: str) -> int:
    """1 or -1 if the interval excludes no effect, else 0."""
    low, high = row[f"{prefix}_lower"], row[f"{prefix}_upper"]
    if pd.isna(low):
        return 0
    return int(low > 0) - int(high < 0)


def _said(row: Any, prefix: str) -> str:
    return {1: "raises", -1: "lowers", 0: "has no clear effect on"}[_sign(row, prefix)]


def _tests_table(results: Results, endpoint: str) -> Table:
    rows = results.of("competing_tests", endpoint=endpoint)
    causes = results.settings.endpoints[endpoint].causes
    return table(
        "Gray's test of equal cumulative incidences",
        ["Groups", "Cause", "Chi-squared", "p", "Events"],
        [
            [
                _grouping(results, row),
                causes[row["cause"]],
                f"{n.decimal(row['chi_squared'])} (df {row['df']})",
                n.p_value(row["p_value"])
                if pd.isna(row["reason"])
                else _none(row["reason"]),
                f"{row['n_events']} of {row['n']}",
            ]
            for _, row in rows.iterrows()
        ],
        shows="competing_tests",
        endpoint=endpoint,
    )


def _none(reason: str) -> str:
    return f"none: {reason.partition(';')[0]}"


def _grouping(results: Results, row: Any) -> str:
    name = str(row["grouping"])
    known = {"site": "sites", "group": "groups", "risk_group": "risk groups"}
    shown = known.get(name) or results.covariate_label(name.partition(".")[2])
    return shown if pd.isna(row["within"]) else f"{shown}, within sites"
