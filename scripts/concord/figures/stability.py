"""Figure: how far features repeat, by family."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import labels
from .settings import FigureStyle
from .style import (
    BLUE,
    GREY,
    VERMILLION,
    applied,
    box,
    empty_figure,
    letter,
    message_figure,
    note,
)
from .summaries import main_recipes

_FAMILY_MM = {False: 8.5, True: 5.5}  # height of a family; crowded or not
_LOWEST = -0.25

#: Panels beside each other; with more than two there is less room for each.
_MOST_COLUMNS = 3


def draw(
    stability: pd.DataFrame, threshold: float, confidence: float, style: FigureStyle
) -> Figure:
    """ICC of the features of each family with its lower bound, per axis.

    Parameters
    ----------
    stability : DataFrame
        Table kind "stability".
    threshold : float
        A feature is stable if the lower bound reaches this.
    confidence : float
        Confidence level of the bounds.
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        One panel per axis (readers, test-retest, variants of a scan); the
        estimates of a family above, the lower bounds below them.
    """
    with applied(style):
        stability = main_recipes(stability)
        axis_names = [a for a in labels.AXES if (stability["axis"] == a).any()]
        if not axis_names:
            return message_figure(style, "No feature was measured twice.")
        table = stability.assign(family=stability["column"].map(labels.family))
        families = labels.family_order(table["family"])
        grid = _grid(style, len(axis_names), len(families))
        figure = grid.flat[0].figure
        crowded = grid.shape[1] > 2
        for number, (axes, name) in enumerate(zip(grid.flat, axis_names, strict=False)):
            part = table[table["axis"] == name]
            _panel(axes, part, families, threshold, crowded)
            letter(axes, "abcdef"[number], _title(name, part, crowded), lines=1.2)
        for axes in grid.flat[len(axis_names) :]:
            axes.remove()
        for row in grid:
            _name_families(row[0], families)
        note(figure, _remark(table, threshold, confidence))
    return figure


def _grid(style: FigureStyle, n_panels: int, n_families: int) -> np.ndarray:
    """Panels in rows of up to three."""
    columns = min(n_panels, _MOST_COLUMNS)
    rows = -(-n_panels // columns)
    height = (_FAMILY_MM[columns > 2] * n_families + 18) * rows
    figure = empty_figure(style, height + style.line_mm(2))
    grid: np.ndarray = figure.subplots(rows, columns, sharey=True, squeeze=False)
    return grid


def _panel(
    axes: Axes,
    part: pd.DataFrame,
    families: list[str],
    threshold: float,
    crowded: bool,
) -> None:
    """Estimates and lower bounds of all families on one axis."""
    axes.axvline(threshold, color=GREY, lw=0.8, ls="--", zorder=0)
    for position, family in enumerate(families):
        rows = part[part["family"] == family]
        for shift, column, colour in (
            (-0.21, "icc", BLUE),
            (0.21, "icc_lower", VERMILLION),
        ):
            values = rows[column].to_numpy(dtype=float).clip(_LOWEST, 1)
            box(axes, values, position + shift, colour, vertical=False, thickness=0.3)
        axes.text(
            1.02,
            position,
            _share(rows, crowded),
            transform=axes.get_yaxis_transform(),
            va="center",
        )
    axes.text(1.02, -0.85, "Stable", transform=axes.get_yaxis_transform(), va="center")
    axes.set_ylim(len(families) - 0.4, -0.6)
    axes.set_xlim(_lower_limit(part), 1.0)
    axes.set_xlabel("ICC" if crowded else "Intraclass correlation coefficient")


def _name_families(axes: Axes, families: list[str]) -> None:
    names = [labels.FAMILIES.get(f, f) for f in families]
    axes.set_yticks(range(len(families)), names)


def _share(rows: pd.DataFrame, crowded: bool) -> str:
    """Stable features of a family, as 3/7 (43 %), or 43 % where there is no room."""
    if rows.empty:
        return "\N{EN DASH}" if crowded else "none"
    stable = int(rows["stable"].fillna(False).sum())
    if crowded:
        return f"{100 * stable / len(rows):.0f} %"
    return f"{stable}/{len(rows)} ({100 * stable / len(rows):.0f} %)"


def _lower_limit(part: pd.DataFrame) -> float:
    lowest = np.nanmin([0.0, *part["icc_lower"].dropna()])
    return float(max(lowest, _LOWEST)) - 0.02


def _title(name: str, part: pd.DataFrame, crowded: bool) -> str:
    forms = "/".join(sorted(part["form"].unique()))
    n = part["n_subjects"].max()
    subjects = f", n = {n}" if pd.notna(n) else ""
    if crowded:
        return f"{labels.AXES[name].capitalize()}\n{forms}{subjects}"
    return f"{labels.AXES[name].capitalize()}, {forms}{subjects}"


def _remark(table: pd.DataFrame, threshold: float, confidence: float) -> str:
    """Key of the figure, and values that it cannot show."""
    text = (
        f"Blue (upper): estimates. Red (lower): lower bounds of the "
        f"{100 * confidence:g} % interval. Dashed: threshold {threshold:g} for "
        "the lower bound."
    )
    missing = int(table["icc"].isna().sum())
    low = int((table["icc_lower"] < _LOWEST).sum())
    if missing:
        text += f" Not drawn: {missing} undefined values; they count as not stable."
    if low:
        text += f" {low} lower bounds below {_LOWEST} are drawn at {_LOWEST}."
    return text
