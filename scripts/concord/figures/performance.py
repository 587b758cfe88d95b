"""Figure: discrimination of all arms, with intervals, null band and chance."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from ..evaluation.null_band import LEAST
from ..folds.scheme import LOSO
from . import labels
from .settings import PlotEndpoint
from .style import (
    BLACK,
    BLUE,
    GREY,
    PALE,
    applied,
    broken,
    empty_figure,
    message_figure,
    note,
)
from .summaries import null_band


@dataclass(frozen=True)
class _Row:
    """One line of the plot; a heading has no data."""

    text: str
    data: pd.Series | None = None
    scheme: str = ""
    strong: bool = False


def draw(
    performance: pd.DataFrame, null: pd.DataFrame, settings: PlotEndpoint
) -> Figure:
    """Forest plot of one endpoint.

    Parameters
    ----------
    performance, null : DataFrame
        Table kinds "performance" and "null" of one endpoint.
    settings : PlotEndpoint
        Style, printed names and roles of the arms.

    Returns
    -------
    Figure
        A block of all arms per scheme, then the headline arm in each group
        that was left out. The band of an arm holds the central 95 % of its null.
    """
    style = settings.style
    rows = list(_rows(performance, settings))
    with applied(style):
        if not rows:
            return message_figure(style, "No arm was evaluated.")
        if style.narrow:
            rows = [_wrapped(row) for row in _counted(rows)]
        lines = max(row.text.count("\n") + 1 for row in rows)
        figure = empty_figure(
            style, style.line_mm((0.35 + 0.8 * lines) * len(rows) + 8)
        )
        axes, numbers = figure.subplots(1, 2, sharey=True, width_ratios=[1.1, 1])
        metric = labels.metric(performance["metric"].iloc[0])
        axes.axvline(labels.CHANCE, color=GREY, lw=0.8, ls="--", zorder=1)
        _null_band(axes, rows, null)
        for position, row in enumerate(rows):
            _draw_row(axes, position, row)
        _finish(axes, rows, metric)
        axes.xaxis.set_major_locator(MultipleLocator(0.2 if style.narrow else 0.1))
        title = f"{metric} ({100 * settings.confidence:g} %)"
        _numbers(numbers, rows, title, counts=not style.narrow)
        figure.suptitle(settings.label, x=0.01, ha="left")
        note(figure, _remark(null, settings.given))
    return figure


def _rows(performance: pd.DataFrame, settings: PlotEndpoint) -> Iterator[_Row]:
    """The lines from top to bottom."""
    headline = settings.headline_arm
    arms = labels.arm_order(performance["arm"], headline, settings.reference_arm)
    for scheme, heading in labels.SCHEMES.items():
        block = performance[performance["scheme"] == scheme]
        if not (block["stratum"] == "all").any():
            continue
        yield _Row(heading, strong=True)
        for arm in arms:
            yield from _arm_rows(block[block["arm"] == arm], scheme, settings)
    yield from _group_rows(performance, settings)


def _arm_rows(
    rows: pd.DataFrame, scheme: str, settings: PlotEndpoint
) -> Iterator[_Row]:
    """One arm in one scheme; the headline arm also within groups."""
    for _, row in rows[rows["stratum"] == "all"].iterrows():
        strong = row["arm"] == settings.headline_arm
        name = labels.label(row["arm"], settings.arms)
        yield _Row(name, row, scheme, strong)
        if strong:
            for _, within in rows[rows["stratum"] == "within"].iterrows():
                yield _Row("the same, within groups", within, scheme)


def _group_rows(performance: pd.DataFrame, settings: PlotEndpoint) -> Iterator[_Row]:
    """The headline arm in each group that was left out."""
    headline = settings.headline_arm
    chosen = performance[
        (performance["arm"] == headline)
        & (performance["scheme"] == LOSO.name)
        & performance["stratum"].str.startswith("group=")
    ].sort_values("stratum")
    if len(chosen):
        yield _Row("Headline arm by group left out", strong=True)
    for _, row in chosen.iterrows():
        yield _Row(row["stratum"].removeprefix("group="), row, "group")


def _counted(rows: list[_Row]) -> list[_Row]:
    """Lines whose names tell the subjects, where not all arms have the same ones.

    A narrow figure has no column of its own for them.
    """
    whole = [r.data["n"] for r in rows if r.data is not None and r.scheme != "group"]
    if len(set(whole)) < 2:
        return rows
    return [
        row if row.data is None else replace(row, text=f"{row.text}, n = {row.data.n}")
        for row in rows
    ]


def _wrapped(row: _Row) -> _Row:
    """A line whose name is broken for a narrow figure."""
    return replace(row, text=broken(row.text, 20))


def _null_band(axes: Axes, rows: list[_Row], null: pd.DataFrame) -> None:
    """Shade behind each arm what it reaches in this scheme with permuted outcomes."""
    for place, row in enumerate(rows):
        if row.data is None:
            continue
        mine = (null["arm"] == row.data["arm"]) & (null["scheme"] == row.scheme)
        lower, upper = null_band(null[mine])
        if row.data["stratum"] == "all" and np.isfinite(lower):
            bottom, top = place - 0.5, place + 0.5
            axes.fill_between([lower, upper], bottom, top, color=PALE, lw=0, zorder=0)


def _draw_row(axes: Axes, position: int, row: _Row) -> None:
    """Estimate and interval of one line."""
    if row.data is None:
        return
    estimate, lower, upper = (row.data[k] for k in ("estimate", "lower", "upper"))
    colour = BLUE if row.strong else BLACK
    axes.plot([lower, upper], [position] * 2, color=colour, lw=1.0, zorder=2)
    axes.plot(estimate, position, "s" if row.strong else "o", color=colour, zorder=3)


def _numbers(axes: Axes, rows: list[_Row], title: str, *, counts: bool) -> None:
    """The same in numbers, with events and subjects if wanted, beside the plot."""
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.text(0, -0.8, title, va="center")
    if counts:
        axes.text(1, -0.8, "Events/n", va="center", ha="right")
    for position, row in enumerate(rows):
        if row.data is None:
            continue
        weight = "bold" if row.strong else "normal"
        style: dict[str, Any] = {"va": "center", "weight": weight}
        axes.text(0, position, labels.with_interval(row.data), **style)
        if counts:
            events = f"{row.data['n_events']}/{row.data['n']}"
            axes.text(1, position, events, ha="right", **style)


def _finish(axes: Axes, rows: list[_Row], metric: str) -> None:
    """Names of the lines, and limits that hold every interval."""
    axes.set_yticks(range(len(rows)), [row.text for row in rows])
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if row.strong else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(rows) - 0.4, -1.3)
    drawn = [row.data for row in rows if row.data is not None]
    bounds = [row[k] for row in drawn for k in ("lower", "upper") if pd.notna(row[k])]
    axes.set_xlim(min([0.4, *bounds]) - 0.02, max([0.8, *bounds]) + 0.02)
    axes.set_xlabel(metric)


def _remark(null: pd.DataFrame, given: bool) -> str:
    known = null[null["estimate"].notna()]
    if known.empty:
        return "Dashed: chance. No permutation was evaluated."
    n = int(known.groupby(["arm", "scheme"]).size().max())
    if n < LEAST:
        return f"Dashed: chance. {n} permutations are too few for a band of 95 %."
    how = "scores as given" if given else "its analysis repeated"
    return (
        f"Dashed: chance. Band of each arm: central 95 % of {n} permutations of the "
        f"outcome within groups, {how} (first repeat). A band to the right of the line "
        "is what the group alone gives away."
    )
