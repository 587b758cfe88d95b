"""Figure: volumes by two readers, and agreement against volume."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ..labels import measured_on
from ..settings import FigureStyle
from ..style import (
    GREY,
    GROUPS,
    applied,
    empty_figure,
    levels,
    message_figure,
    note,
    with_bounds,
)
from ..summaries import groups
from .pairs import Pair, drawn_pairs, left_out

_PANEL_MM = 36.0
_MOST_PAIRS = 3
_MM3_PER_ML = 1000.0
#: Limits of agreement hold 95 % of the differences, if these are normal.
_LIMIT_FACTOR = 1.96


def draw(agreement: pd.DataFrame, headline: str, style: FigureStyle) -> Figure:
    """Bland-Altman plots of the logarithm of volumes, and Dice against volume.

    Parameters
    ----------
    agreement : DataFrame
        Table kind "agreement".
    headline : str
        Definition whose rows are drawn; volumes and Dice are the same in both.
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        Two rows per image and region, one column per pair; up to three pairs.
    """
    rows = agreement[agreement["definition"] == headline]
    rows = rows[rows["status"] == "ok"]
    with applied(style):
        if rows.empty:
            return message_figure(style, "No region was segmented by two readers.")
        pairs, n_hidden = drawn_pairs(rows, 2 if style.narrow else _MOST_PAIRS)
        parts = list(groups(rows, ["image", "region"]))
        height = (2 * _PANEL_MM + style.line_mm(3)) * len(parts) + style.line_mm(7)
        figure = empty_figure(style, height)
        grid = figure.subplots(
            2 * len(parts), len(pairs), squeeze=False, sharex=True, sharey="row"
        )
        sites = sorted(rows["site"].unique())
        for number, (names, part) in enumerate(parts):
            _block(grid[2 * number : 2 * number + 2], names, part, pairs, sites)
        for axes in grid[-1]:
            axes.set_xlabel("Mean volume (ml)")
        _legend(figure, sites)
        note(figure, _REMARK + left_out(n_hidden))
    return figure


_REMARK = (
    "Lines: geometric mean of the ratio (solid) with its 95 % limits of agreement "
    "(dashed), and equal volumes (dotted); below, the median of Dice. The mean volume "
    "is geometric. Points: images with two segmentations that are not empty."
)


def volume_ratios(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Geometric mean in ml, and ratio b / a, of the volumes of pairs."""
    a, b = (
        rows[name].to_numpy(dtype=float) / _MM3_PER_ML
        for name in ("volume_mm3", "volume_b_mm3")
    )
    return np.sqrt(a * b), b / a


def ratio_limits(ratio: np.ndarray) -> tuple[float, float, float]:
    """Geometric mean of ratios and their 95 % limits of agreement.

    References
    ----------
    Bland, J. M., Altman, D. G. (1999). "Measuring agreement in method comparison
    studies". Statistical Methods in Medical Research, 8, 135-160.
    https://doi.org/10.1177/096228029900800204
    """
    logs = np.log(ratio)
    half = _LIMIT_FACTOR * logs.std(ddof=1) if len(logs) > 1 else np.nan
    mean, lower, upper = np.exp([logs.mean(), logs.mean() - half, logs.mean() + half])
    return float(mean), float(lower), float(upper)


def _block(
    panels: np.ndarray,
    names: tuple[str, ...],
    part: pd.DataFrame,
    pairs: Sequence[Pair],
    sites: Sequence[str],
) -> None:
    """Both rows of one image and region."""
    for column, pair in enumerate(pairs):
        mine = pair.rows(part)
        if len(mine):
            _bland_altman(panels[0, column], mine, sites)
            _dice(panels[1, column], mine, sites)
        title = f"{measured_on(*names)}\na = {pair.a}, b = {pair.b}"
        panels[0, column].set_title(f"{title}\n{_ratio(mine)}")
    panels[1, 0].set_ylim(None, 1.0)  # of the whole row, once all is drawn
    panels[0, 0].set_ylabel("Volume ratio b / a")
    panels[1, 0].set_ylabel("Dice coefficient")


def _bland_altman(axes: Axes, rows: pd.DataFrame, sites: Sequence[str]) -> None:
    mean_ml, ratio = volume_ratios(rows)
    _points(axes, mean_ml, ratio, rows["site"], sites)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.axhline(1, color=GREY, lw=0.6, ls=":", zorder=0)
    levels(axes, ratio_limits(ratio))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


def _dice(axes: Axes, rows: pd.DataFrame, sites: Sequence[str]) -> None:
    mean_ml, _ = volume_ratios(rows)
    dice = rows["dice"].to_numpy(dtype=float)
    _points(axes, mean_ml, dice, rows["site"], sites)
    levels(axes, [float(np.median(dice))])


def _ratio(rows: pd.DataFrame) -> str:
    """Ratio of the volumes with limits, in words."""
    if rows.empty:
        return "no pair"
    _, ratio = volume_ratios(rows)
    return f"ratio {with_bounds(*ratio_limits(ratio))}"


def _points(
    axes: Axes, x: np.ndarray, y: np.ndarray, site: pd.Series, sites: Sequence[str]
) -> None:
    for number, name in enumerate(sites):
        colour, _, marker = GROUPS[number % len(GROUPS)]
        mine = (site == name).to_numpy(dtype=bool)
        axes.plot(x[mine], y[mine], marker, ms=2.6, mfc=colour, mec="white", mew=0.2)


def _legend(figure: Figure, sites: Iterable[str]) -> None:
    handles = [
        Line2D([], [], ls="", marker=GROUPS[k % len(GROUPS)][2], label=f"site {name}")
        for k, name in enumerate(sites)
    ]
    for number, handle in enumerate(handles):
        handle.set_color(GROUPS[number % len(GROUPS)][0])
    figure.legend(  # type: ignore[call-overload]
        handles=handles, loc="outside upper center", ncols=6, handlelength=0.8
    )
