"""Figure: survival of the risk groups that the headline arm predicts."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..folds.scheme import CV, kind_of
from .labels import SCHEMES
from .models.at_risk import DAYS_PER_MONTH, Look, looks, month_ticks, numbers_at_risk
from .settings import PlotEndpoint
from .style import applied, broken, decimal, empty_figure, message_figure, note

_MOST_SETS = 3
_SET = ["scheme", "fold"]


class _Set(NamedTuple):
    """Curves of one evaluation set, and what is known of its groups."""

    scheme: str
    fold: str
    curves: pd.DataFrame
    differences: pd.DataFrame
    tests: pd.DataFrame


TABLES = ("kaplan_meier", "risk_groups", "rmst_differences", "log_rank_tests")


def draw(
    curves: pd.DataFrame,
    groups: pd.DataFrame,
    differences: pd.DataFrame,
    tests: pd.DataFrame,
    settings: PlotEndpoint,
) -> Figure:
    """Kaplan-Meier curves of the risk groups with the numbers at risk.

    Parameters
    ----------
    curves, groups, differences, tests : DataFrame
        Table kinds "kaplan_meier", "risk_groups", "rmst_differences" and
        "log_rank_tests" of one survival endpoint. The headline arm is drawn: each
        subject once, predicted by a model that did not see it, in a panel for the
        cross-validation and for up to two declared evaluation sets.
    settings : PlotEndpoint
        Style, printed names and roles of the arms, and where the groups are cut.
    """
    style, ofcv = settings.style, _of(groups, settings)
    mine = [_of(table, settings) for table in (curves, differences, tests)]
    with applied(style):
        if mine[0].empty:
            return message_figure(style, "There is no prediction of a risk group.")
        sets = list(_sets(*mine))[:_MOST_SETS]
        figure = empty_figure(style, min(88.0, style.width_mm) + style.line_mm(9))
        panels = _panels(figure, sets, looks(mine[0]["risk_group"]), ofcv)
        panels[0, 0].set_ylabel("Event-free probability")
        title = f"{settings.label}: {settings.arm_label}"
        figure.suptitle(title, x=0.01, ha="left")
        note(figure, " ".join(_remarks(sets, ofcv, settings)))
    return figure


def _panels(
    figure: Figure, sets: list[_Set], shown: Mapping[str, Look], ofcv: pd.DataFrame
) -> np.ndarray:
    """Curves above and numbers at risk below, a column for each set."""
    panels = figure.subplots(
        2,
        len(sets),
        sharex="col",
        squeeze=False,
        height_ratios=[1, 0.1 * len(shown)],
    )
    for column, one in zip(panels.T, sets, strict=True):
        _column(column[0], column[1], one, shown, len(sets))
        declared = kind_of(one.scheme).once
        told = _log_rank(one.tests) if declared else _permuted(ofcv)
        _finish(column[0], one, told, len(sets))
    for axes in panels[:, 1:].flat:
        axes.tick_params(labelleft=False)
    return np.asarray(panels)


def _column(
    axes: Axes, table: Axes, one: _Set, shown: Mapping[str, Look], n_sets: int
) -> None:
    """Curves of a set and, below, the numbers at risk."""
    longest = one.curves["time_days"].max() / DAYS_PER_MONTH
    for name, look in shown.items():
        _curve(axes, one.curves[one.curves["risk_group"] == name], look)
    rows = _with_all_groups(one.curves, shown)
    numbers_at_risk(table, rows, month_ticks(longest, 8 if n_sets == 1 else 4))


def _of(table: pd.DataFrame, settings: PlotEndpoint) -> pd.DataFrame:
    return table[table["arm"] == settings.headline_arm]


def _sets(
    curves: pd.DataFrame, differences: pd.DataFrame, tests: pd.DataFrame
) -> Iterator[_Set]:
    """Sets with curves, the cross-validation first."""
    found = curves[_SET].drop_duplicates().itertuples(index=False, name=None)
    for scheme, fold in sorted(found, key=lambda one: (one[0] != CV.name, *one)):
        parts = [
            table[(table["scheme"] == scheme) & (table["fold"] == fold)]
            for table in (curves, differences, tests)
        ]
        yield _Set(scheme, fold, *parts)


def _with_all_groups(rows: pd.DataFrame, shown: Mapping[str, Look]) -> pd.DataFrame:
    """Rows, and an empty place for each group that another panel has."""
    nobody = [
        {"risk_group": name, "time_days": 0.0, "n_at_risk": 0}
        for name in shown
        if name not in set(rows["risk_group"])
    ]
    return pd.concat([rows, pd.DataFrame(nobody)]) if nobody else rows


def _curve(axes: Axes, part: pd.DataFrame, look: Look) -> None:
    """One curve with its confidence band and ticks at censored times."""
    if part.empty:
        return
    title, colour, line = look
    months = part["time_days"].to_numpy(dtype=float) / DAYS_PER_MONTH
    low, high, survival = part[["lower", "upper", "survival"]].to_numpy(dtype=float).T
    axes.fill_between(
        months, low, high, step="post", color=colour, alpha=0.15, linewidth=0
    )
    n_events, censored = int(part["n_events"].sum()), part["n_censored"].to_numpy(int)
    text = f"{title} (n = {n_events + censored.sum()}, events = {n_events})"
    axes.step(months, survival, where="post", color=colour, ls=line, lw=1.3, label=text)
    ticks = months.repeat(censored), survival.repeat(censored)
    axes.plot(*ticks, "|", color=colour, ms=4, mew=0.6)


def _finish(axes: Axes, one: _Set, told: str, n_sets: int) -> None:
    """Legend above a panel, with the test of its groups."""
    axes.set_ylim(0, 1.02)
    lines = [*([_name(one)] if n_sets > 1 else []), *told.split("\n")]
    letters = 100 // n_sets - 5
    # Above the panel: no corner of it is free of curves for sure.
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0.2,
        title="\n".join(broken(line, letters, 4) for line in lines),
        alignment="left",
    )


def _name(one: _Set) -> str:
    label = SCHEMES.get(one.scheme, one.scheme)
    return label if not kind_of(one.scheme).once else f"{label}: {one.fold}"


def _permuted(groups: pd.DataFrame) -> str:
    """Direction and permutation p of the log-rank statistic, or why there is none."""
    if groups.empty or pd.isna(groups["log_rank_z"].iloc[0]):
        return "Log-rank statistic not defined"
    arm = groups.iloc[0]
    z = arm["log_rank_z"]
    order = "earlier" if z > 0 else "later"
    text = f"High risk: events {order} (log-rank Z = {z:.2f})"
    if pd.isna(arm["p_value"]):
        return f"{text}\nno p: {arm['reason']}"
    return f"{text}\none-sided p = {arm['p_value']:.3f} by permutation"


def _log_rank(tests: pd.DataFrame) -> str:
    """Log-rank p of a declared evaluation set, or why there is none."""
    plain = tests[tests["within"].isna()]
    if plain.empty:
        return "Log-rank statistic not defined"
    row = plain.iloc[0]
    if pd.isna(row["p_value"]):
        return f"Log-rank: {row['reason']}"
    text = f"Log-rank p = {row['p_value']:.3f}"
    if row["n_groups"] > 2:
        text += f", trend p = {row['trend_p_value']:.3f}"
    return text


def _remarks(
    sets: list[_Set], groups: pd.DataFrame, settings: PlotEndpoint
) -> Iterator[str]:
    schemes = {one.scheme for one in sets}
    band = f"Bands: {100 * settings.confidence:g} % confidence, pointwise, log-log."
    if settings.given:
        yield f"Each subject once, in the risk group that the table gives. {band}"
        yield "Permuted: outcomes within groups, risk groups as given."
        yield from _lacking(groups)
        return
    once = "once (first repeat)" if CV.name in schemes else "once"
    yield (
        f"Risk groups are cut at {settings.grouping} of the development set that "
        f"scored a subject; each subject stands {once}. {band}"
    )
    if CV.name in schemes:
        yield (
            "Cross-validation: the groups were learnt from outcomes of the other "
            "subjects, so that a log-rank p would not hold; p is that of outcomes "
            "permuted within groups, models and risk groups made anew."
        )
    if schemes - {CV.name}:
        yield "Declared sets: nobody in them was in development; log-rank p holds."
    for one in sets:
        yield from _restricted(one, len(sets) > 1)
    yield from _lacking(groups)


def _lacking(groups: pd.DataFrame) -> Iterator[str]:
    """Subjects that the curves do not show."""
    missing = int(groups["n_missing"].sum())
    if missing:
        yield f"{missing} subjects without prediction."


def _restricted(one: _Set, several: bool) -> Iterator[str]:
    """Differences of the restricted means of a set."""
    rows = one.differences.dropna(subset="difference_days")
    if rows.empty:
        return
    where = f", {_name(one).lower()}" if several else ""
    tau = rows["tau_days"].iloc[0] / DAYS_PER_MONTH
    told = ", ".join(
        _difference(row, not kind_of(one.scheme).once) for _, row in rows.iterrows()
    )
    yield f"Restricted mean until {tau:.0f} months{where}: {told}."


def _difference(row: pd.Series, learnt: bool) -> str:
    """Difference of two restricted means in months, with its interval."""
    value, low, high = (
        row[name] / DAYS_PER_MONTH for name in ("difference_days", "lower", "upper")
    )
    pair = f"{row['risk_group']} minus {row['reference_group']} {decimal(value)} months"
    if pd.notna(low):
        return f"{pair} ({decimal(low)} to {decimal(high)})"
    return f"{pair} ({'no interval, as for p' if learnt else row['reason']})"
