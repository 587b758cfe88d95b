"""Figure: agreement of each reader with each other one, as a matrix."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ..labels import measured_on
from ..settings import FigureStyle
from ..style import PALE, applied, empty_figure, message_figure, note
from ..summaries import groups
from .pairs import readers

_COLUMNS = 2
_CELL_MM = 13.0
_LEAST_MM = 40.0
_DICE, _HD95 = "Blues", "Oranges"
#: Part of a colour map that black text can be read on.
_LIGHT = 0.6


def draw(agreement: pd.DataFrame, headline: str, style: FigureStyle) -> Figure:
    """Median Dice below the diagonal and median HD95 above it, numbers printed.

    Parameters
    ----------
    agreement : DataFrame
        Table kind "agreement".
    headline : str
        Definition of the surface distances to draw: mesh or voxel.
    style : FigureStyle
        Width and size of the text.

    Returns
    -------
    Figure
        One panel per image and region.
    """
    rows = agreement[agreement["definition"] == headline]
    with applied(style):
        if rows.empty:
            return message_figure(style, "No region was segmented by two readers.")
        parts = list(groups(rows, ["image", "region"]))
        n_columns = 1 if style.narrow else min(_COLUMNS, len(parts))
        n_rows = -(-len(parts) // n_columns)
        names = readers(rows)
        panel = max(_CELL_MM * len(names), _LEAST_MM)
        figure = empty_figure(style, (panel + 8) * n_rows + style.line_mm(4))
        grid = figure.subplots(n_rows, n_columns, squeeze=False)
        for axes in grid.ravel()[len(parts) :]:
            axes.set_visible(False)
        scale = Normalize(0, _largest(rows))
        for axes, (key, part) in zip(grid.ravel(), parts, strict=False):
            _panel(axes, part, names, scale)
            axes.set_title(measured_on(*key))
        note(figure, _remark(headline))
    return figure


def medians(rows: pd.DataFrame, names: Sequence[str], measure: str) -> np.ndarray:
    """Median of a measure of each pair, shape (n, n), symmetric; NaN if unknown."""
    found = np.full((len(names), len(names)), np.nan)
    for first, second in permutations(range(len(names)), 2):
        mine = (rows["reader"] == names[first]) & (rows["reader_b"] == names[second])
        values = rows.loc[mine, measure].dropna().to_numpy(dtype=float)
        if len(values):
            found[first, second] = found[second, first] = np.median(values)
    return found


def _largest(rows: pd.DataFrame) -> float:
    """The largest median HD95 of any pair, the end of the colours."""
    keys = ["image", "region", "reader", "reader_b"]
    return max(float(rows.groupby(keys)["hd95_mm"].median().max()), 1e-6)


def _panel(
    axes: Axes, rows: pd.DataFrame, names: Sequence[str], scale: Normalize
) -> None:
    dice, hd95 = (medians(rows, names, measure) for measure in ("dice", "hd95_mm"))
    n = len(names)
    colours = np.ones((n, n, 4))
    for row in range(n):
        for column in range(n):
            below = row > column
            value = (dice if below else hd95)[row, column]
            colours[row, column] = _colour(value, below, scale)
            if row != column:
                text = "n/a" if np.isnan(value) else f"{value:.2f}"
                text += "" if below or np.isnan(value) else " mm"
                axes.text(column, row, text, ha="center", va="center")
    axes.imshow(colours, aspect="equal")
    axes.set_xticks(range(n), names)
    axes.set_yticks(range(n), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _colour(value: float, is_dice: bool, scale: Normalize) -> tuple[float, ...]:
    """Blue for high Dice, orange for a large distance, pale grey if there is none."""
    if np.isnan(value):
        return (*(int(PALE[k : k + 2], 16) / 255 for k in (1, 3, 5)), 1.0)
    place = float(np.clip(value, 0, 1) if is_dice else scale(value))
    return colormaps[_DICE if is_dice else _HD95](_LIGHT * place)


def _remark(headline: str) -> str:
    return (
        "Below the diagonal (blue): median Dice coefficient, empty segmentations count "
        "as 0. Above (orange): median HD95 by the "
        f"{headline} definition, of pairs in which no segmentation is empty."
    )
