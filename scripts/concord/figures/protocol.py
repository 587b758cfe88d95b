"""Figure: how far each site's images conform to the protocol."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .settings import FigureStyle
from .style import (
    BLUE,
    GREY,
    PALE,
    VERMILLION,
    applied,
    broken,
    empty_figure,
    message_figure,
    note,
)

_ROW_MM = 7.5
_BAR = (0.06, 0.60)  # where the bar of a cell begins and how wide it is
_HEIGHT = 0.5
_MOST_SITES_WITH_COUNTS = 8
#: Column of the table, name in the legend, face colour, edge colour, hatch.
_PARTS = (
    ("n_conforming", "conforms", BLUE, BLUE, ""),
    ("n_departing", "departs", VERMILLION, "white", "////"),
    ("n_blank", "not stated in the header", PALE, GREY, "...."),
)


def draw(summary: pd.DataFrame, style: FigureStyle) -> Figure:
    """Shares of images that conform, depart or are blank, by item and site.

    Parameters
    ----------
    summary : DataFrame
        Table kind "protocol_summary".
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        One row per item of the protocol, grouped by image, one column per site.
    """
    with applied(style):
        if summary.empty:
            return message_figure(style, "The study declares no protocol.")
        sites = sorted(summary["site"].unique())
        items = summary[["image", "item", "expected"]].drop_duplicates()
        n_rows = len(items) + items["image"].nunique()
        figure = empty_figure(style, _ROW_MM * n_rows + style.line_mm(7))
        axes = figure.subplots()
        _rows(axes, summary, items, sites, style)
        _frame(axes, sites)
        figure.legend(
            handles=[
                Patch(facecolor=face, edgecolor=edge, hatch=hatch, label=label, lw=0)
                for _, label, face, edge, hatch in _PARTS
            ],
            loc="outside upper right",
            ncols=1 if style.narrow else 3,
            handlelength=1.6,
        )
        note(figure, _remark(summary, sites))
    return figure


def _rows(
    axes: Axes,
    summary: pd.DataFrame,
    items: pd.DataFrame,
    sites: list[str],
    style: FigureStyle,
) -> None:
    """A heading per image, and below it a row of bars per item."""
    place, ticks, names = 0, [], []
    for image, part in items.groupby("image", sort=True):
        axes.text(0, place, str(image), fontweight="bold", va="center")
        place += 1
        for item, expected in zip(part["item"], part["expected"], strict=True):
            chosen = summary["image"].eq(image) & summary["item"].eq(item)
            for counts in summary[chosen].to_dict("records"):
                column = sites.index(counts["site"])
                shown = len(sites) <= _MOST_SITES_WITH_COUNTS
                _cell(axes, counts, column, place, shown)
            ticks.append(place)
            names.append(_name(item, expected, 26 if style.narrow else 44))
            place += 1
    axes.set_yticks(ticks, names)
    axes.set_ylim(place - 0.4, -0.6)


def _cell(
    axes: Axes, counts: Mapping[Any, Any], column: int, row: int, with_count: bool
) -> None:
    """The bar of one item at one site, and how many images conform."""
    n = int(counts["n"])
    left, width = column + _BAR[0], _BAR[1] if with_count else 1 - 2 * _BAR[0]
    for name, _, face, edge, hatch in _PARTS:
        share = width * int(counts[name]) / n
        if share:
            corner = (left, row - _HEIGHT / 2)
            bar = Rectangle(corner, share, _HEIGHT, fc=face, ec=edge, hatch=hatch, lw=0)
            axes.add_patch(bar)
        left += share
    if with_count:
        stated = n - int(counts["n_blank"])
        text = f"{int(counts['n_conforming'])}/{stated}" if stated else "\N{EN DASH}"
        axes.text(column + sum(_BAR) + 0.03, row, text, va="center")


def _frame(axes: Axes, sites: list[str]) -> None:
    axes.set_xlim(0, len(sites))
    axes.set_xticks([k + 0.5 for k in range(len(sites))], sites)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for k in range(1, len(sites)):
        axes.axvline(k, color=PALE, lw=0.6, zorder=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _name(item: str, expected: str, letters: int) -> str:
    """An item with what is expected of it, on at most three lines."""
    text = broken(expected, letters, 2)
    return f"{item}\n{text}"


def _remark(summary: pd.DataFrame, sites: list[str]) -> str:
    text = "Bars: shares of the images of a site."
    if len(sites) <= _MOST_SITES_WITH_COUNTS:
        text += " Numbers: images that conform / images whose header tells."
    departing, n = int(summary["n_departing"].sum()), int(summary["n"].sum())
    blank = int(summary["n_blank"].sum())
    return text + (
        f" Of {n} comparisons, {departing} depart and {blank} find the fact not "
        "stated in the header."
    )
