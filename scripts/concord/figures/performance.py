"""Figure: discrimination of all arms, with intervals, null band and chance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import labels
from .style import BLACK, BLUE, GREY, PALE, Looks, message_figure, note

_HEADINGS = {
    "cv": "Repeated cross-validation",
    "loso": "Each group left out once",
}


@dataclass(frozen=True)
class _Row:
    """One line of the plot; a heading has no data."""

    text: str
    data: pd.Series | None = None
    scheme: str = ""
    strong: bool = False


def draw(
    performance: pd.DataFrame,
    null: pd.DataFrame,
    settings: Mapping[str, Any],
    looks: Looks,
) -> Figure:
    """Forest plot of one endpoint.

    Parameters
    ----------
    performance, null : DataFrame
        Table kinds "performance" and "null" of one endpoint.
    settings : mapping
        `label` of the endpoint, `arms` (label of each arm), `headline_arm`,
        `reference_arm` and `confidence`.
    looks : Looks
        Width and size of the text.

    Returns
    -------
    Figure
        A block of all arms per scheme, then the headline arm in each group
        that was left out. The band holds the central 95 % of the null.
    """
    rows = list(_rows(performance, settings))
    with looks.applied():
        if not rows:
            return message_figure(looks, "No arm was evaluated.")
        height = looks.line_mm(1.15 * len(rows) + 7)
        figure = looks.figure(height)
        axes = figure.subplots()
        axes.axvline(labels.CHANCE, color=GREY, lw=0.8, ls="--", zorder=1)
        _null_band(axes, rows, null)
        for position, row in enumerate(rows):
            _draw_row(axes, position, row)
        _finish(axes, rows, performance, settings)
        note(figure, _remark(null, settings))
    return figure


def null_band(null: pd.DataFrame) -> tuple[float, float]:
    """The 2.5th and the 97.5th percentile of the permuted estimates."""
    values = null["estimate"].dropna().to_numpy(dtype=float)
    if not len(values):
        return float("nan"), float("nan")
    lower, upper = np.percentile(values, [2.5, 97.5])
    return float(lower), float(upper)


def _rows(performance: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[_Row]:
    """The lines from top to bottom."""
    headline = settings["headline_arm"]
    arms = labels.arm_order(performance["arm"], headline, settings["reference_arm"])
    overall = performance[performance["stratum"] == "all"]
    for scheme, heading in _HEADINGS.items():
        block = overall[overall["scheme"] == scheme].set_index("arm")
        if block.empty:
            continue
        yield _Row(heading, strong=True)
        for arm in arms:
            if arm in block.index:
                name = labels.label(arm, settings["arms"])
                yield _Row(name, block.loc[arm], scheme, strong=arm == headline)
    yield from _group_rows(performance, settings)


def _group_rows(
    performance: pd.DataFrame, settings: Mapping[str, Any]
) -> Iterator[_Row]:
    """The headline arm in each group that was left out."""
    headline = settings["headline_arm"]
    chosen = performance[
        (performance["arm"] == headline)
        & (performance["scheme"] == "loso")
        & performance["stratum"].str.startswith("group=")
    ].sort_values("stratum")
    if len(chosen):
        name = labels.label(headline, settings["arms"])
        yield _Row(f"{name}, by group left out", strong=True)
    for _, row in chosen.iterrows():
        yield _Row(row["stratum"].removeprefix("group="), row, "group")


def _null_band(axes: Axes, rows: list[_Row], null: pd.DataFrame) -> None:
    """Shade the band behind the scheme that the permutations repeat."""
    places = [k for k, row in enumerate(rows) if row.scheme == "cv"]
    lower, upper = null_band(null)
    if places and np.isfinite(lower):
        bottom, top = min(places) - 0.5, max(places) + 0.5
        axes.fill_between([lower, upper], bottom, top, color=PALE, lw=0, zorder=0)


def _draw_row(axes: Axes, position: int, row: _Row) -> None:
    """Estimate, interval and their text."""
    if row.data is None:
        return
    estimate, lower, upper = (row.data[k] for k in ("estimate", "lower", "upper"))
    colour = BLUE if row.strong else BLACK
    axes.plot([lower, upper], [position] * 2, color=colour, lw=1.0, zorder=2)
    axes.plot(estimate, position, "s" if row.strong else "o", color=colour, zorder=3)
    value = f"{estimate:.2f} ({lower:.2f} to {upper:.2f})"
    text = "not defined" if pd.isna(estimate) else value
    weight = "bold" if row.strong else "normal"
    counts = f"{row.data['n_events']}/{row.data['n']}"
    for x, words in ((1.02, text), (1.34, counts)):
        axes.text(
            x,
            position,
            words,
            transform=axes.get_yaxis_transform(),
            va="center",
            weight=weight,
        )


def _finish(
    axes: Axes,
    rows: list[_Row],
    performance: pd.DataFrame,
    settings: Mapping[str, Any],
) -> None:
    metric = labels.metric(performance["metric"].iloc[0])
    axes.set_yticks(range(len(rows)), [row.text for row in rows])
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if row.strong else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(rows) - 0.4, -0.8)
    drawn = [row.data for row in rows if row.data is not None]
    bounds = [row[k] for row in drawn for k in ("lower", "upper") if pd.notna(row[k])]
    axes.set_xlim(min([0.4, *bounds]) - 0.02, max([0.8, *bounds]) + 0.02)
    axes.set_xlabel(metric)
    axes.set_title(settings["label"], loc="left")
    percent = f"{100 * settings['confidence']:g} % interval"
    for x, words in ((1.02, f"{metric} ({percent})"), (1.34, "Events/n")):
        axes.text(x, -1.1, words, transform=axes.get_yaxis_transform(), va="bottom")


def _remark(null: pd.DataFrame, settings: Mapping[str, Any]) -> str:
    n = int(null["estimate"].notna().sum())
    if not n:
        return "Dashed: chance. No permutation was evaluated."
    lower, upper = null_band(null)
    arms = sorted(null["arm"].unique())
    name = ", ".join(labels.label(arm, settings["arms"]) for arm in arms)
    return (
        f"Dashed: chance. Band: central 95 % ({lower:.2f} to {upper:.2f}) of {n} "
        f"permutations of the outcome\nwithin groups, whole analysis of the arm "
        f"“{name}” repeated."
    )
