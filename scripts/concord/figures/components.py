"""Figure: principal components of held-out rows, by batch and by outcome."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .settings import FigureStyle
from .style import GREY, GROUPS, applied, empty_figure, letter, message_figure, note

_ROW_MM = 40
_TITLES = {"raw": "Raw", "harmonized": "Harmonized"}
_EVENTS = {1.0: ("event", GROUPS[1]), 0.0: ("no event", GROUPS[0])}


def draw(
    components: pd.DataFrame, event: pd.Series, outcome: str, style: FigureStyle
) -> Figure:
    """The first two components, raw and harmonized, one row per image.

    Parameters
    ----------
    components : DataFrame
        Table kind "components"; the first half of the subjects is drawn.
    event : Series
        1 or 0 by subject; missing where the outcome is not known.
    outcome : str
        Name of the outcome, as printed.
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        Columns a and b: coloured by batch; c and d: by outcome.
    """
    with applied(style):
        drawn = components[(components["half"] == 1)].dropna(subset="component_1")
        images = sorted(drawn["image"].unique())
        if not images:
            return message_figure(style, "No held-out rows to draw.")
        legends = max(1 + drawn["batch"].nunique() // 2, 2)
        height = _ROW_MM * len(images) + 12 + style.line_mm(2 + legends)
        figure = empty_figure(style, height)
        grid = figure.subplots(len(images), 4, squeeze=False)
        for row, image in zip(grid, images, strict=True):
            _row(row, drawn[drawn["image"] == image], event)
            row[0].set_ylabel(f"{image}\nPC2")
        for axes, name, stage in zip(grid[0], "abcd", 2 * list(_TITLES), strict=True):
            letter(axes, name, _TITLES[stage])
        note(figure, _remark(drawn, outcome))
    return figure


def _row(row: Sequence[Axes], part: pd.DataFrame, event: pd.Series) -> None:
    styles = _styles(sorted(part["batch"].unique()))
    for number, stage in enumerate(_TITLES):
        rows = part[part["stage"] == stage]
        for batch, (colour, _, marker) in styles.items():
            _points(row[number], rows[rows["batch"] == batch], colour, marker)
        known = rows["subject_id"].map(event).astype(float)
        _points(row[number + 2], rows[known.isna()], GREY, ".")
        for value, (_, (colour, _, marker)) in _EVENTS.items():
            _points(row[number + 2], rows[known == value], colour, marker)
        for axes in (row[number], row[number + 2]):
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_xlabel(_shares(rows))
    _legend(row[0], styles)
    _legend(row[2], dict(_EVENTS.values()))


def _shares(rows: pd.DataFrame) -> str:
    """Name of the horizontal axis, with the shares of both components."""
    if rows.empty:
        return "PC1"
    first, second = 100 * rows[["share_1", "share_2"]].iloc[0].astype(float)
    return f"PC1 {first:.0f} %, PC2 {second:.0f} %"


def _points(axes: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    axes.plot(
        rows["component_1"].to_numpy(dtype=float),
        rows["component_2"].to_numpy(dtype=float),
        marker,
        ms=3,
        mfc=colour,
        mec="white",
        mew=0.3,
    )


def _styles(batches: Sequence[str]) -> dict[str, tuple]:
    return {name: GROUPS[min(n, len(GROUPS) - 1)] for n, name in enumerate(batches)}


def _legend(axes: Axes, styles: dict[str, tuple]) -> None:
    handles = [
        Line2D([], [], ls="", marker=marker, color=colour, ms=3, label=_shortened(name))
        for name, (colour, _, marker) in styles.items()
    ]
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(-0.05, -0.2),
        ncols=max(1, min(3, len(handles))),
        handlelength=0.8,
        columnspacing=0.8,
        handletextpad=0.3,
        borderaxespad=0,
    )


def _shortened(text: str, most: int = 26) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _remark(drawn: pd.DataFrame, outcome: str) -> str:
    n = drawn["subject_id"].nunique()
    return (
        f"a, b: by batch. c, d: by outcome ({outcome}). {n} held-out subjects, "
        "harmonized by estimates of the other half. Each panel has its own components "
        "(PC) of features scaled to SD 1, with their shares of the variance."
    )
