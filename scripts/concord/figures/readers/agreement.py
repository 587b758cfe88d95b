"""Figure: how well readers agree, by site."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..labels import measured_on
from ..settings import FigureStyle
from ..style import GREY, applied, box, empty_figure, message_figure, note
from ..summaries import groups
from .pairs import Pair, drawn_pairs, left_out, pair_style

_MEASURES = {
    "dice": "Dice coefficient",
    "hd95_mm": "HD95 (mm)",
    "volume_difference": "Volume difference\n2(b - a)/(a + b)",
}
_PANEL_MM = 42.0
_MOST_PAIRS = 6
#: Share of the width of a site that its boxes take.
_FILLED = 0.8


def draw(agreement: pd.DataFrame, headline: str, style: FigureStyle) -> Figure:
    """Dice, HD95 and volume difference of each pair of readers by site.

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
        One row of three panels per image and region, with a box for each site
        and pair of readers; up to six pairs.
    """
    rows = agreement[agreement["definition"] == headline]
    known = rows[rows["status"] != "both_empty"]
    with applied(style):
        if known.empty:
            return message_figure(style, "No region was segmented by two readers.")
        pairs, n_hidden = drawn_pairs(known, _MOST_PAIRS)
        parts = list(groups(known, ["image", "region"]))
        figure = empty_figure(style, _PANEL_MM * len(parts) + style.line_mm(5))
        grid = figure.subplots(len(parts), len(_MEASURES), squeeze=False, sharey="col")
        for panels, (names, part) in zip(grid, parts, strict=True):
            for axes, measure in zip(panels, _MEASURES, strict=True):
                _panel(axes, part, measure, pairs)
            panels[0].set_title(_title(names, pairs))
        _limits(grid)
        if len(pairs) > 1:
            _legend(figure, pairs)
        note(figure, _remark(rows, headline) + left_out(n_hidden))
    return figure


def _panel(axes: Axes, part: pd.DataFrame, measure: str, pairs: Sequence[Pair]) -> None:
    """Boxes of one measure, one per site and pair."""
    sites = sorted(part["site"].unique())
    width = _FILLED / len(pairs)
    for (place, site), (number, pair) in product(enumerate(sites), enumerate(pairs)):
        values = pair.rows(part[part["site"] == site])[measure].to_numpy(dtype=float)
        position = place + (number + 0.5) * width - _FILLED / 2
        colour, *_ = pair_style(number)
        thickness = min(0.5, 0.85 * width)
        box(axes, values, position, colour, vertical=True, thickness=thickness)
    axes.set_xticks(range(len(sites)), [_counted(part, site, pairs) for site in sites])
    axes.set_xlim(-0.6, len(sites) - 0.4)
    axes.set_ylabel(_MEASURES[measure])
    if measure == "volume_difference":
        axes.axhline(0, color=GREY, lw=0.6, ls="--", zorder=0)


def _counted(part: pd.DataFrame, site: str, pairs: Sequence[Pair]) -> str:
    """A site with its number of images, or their range over the pairs."""
    mine = part[part["site"] == site]
    counts = [len(pair.rows(mine)) for pair in pairs]
    low, high = min(counts), max(counts)
    return f"{site}\n{low}" if low == high else f"{site}\n{low}-{high}"


def _limits(grid: np.ndarray) -> None:
    """Let Dice end at 1 and distances start at 0."""
    for row, column in product(range(len(grid)), range(2)):
        axes = grid[row, column]
        axes.set_ylim(*((None, 1.0) if column == 0 else (0.0, None)))


def _title(names: tuple[str, ...], pairs: Sequence[Pair]) -> str:
    if len(pairs) > 1:
        return measured_on(*names)
    return f"{measured_on(*names)}, a = reader {pairs[0].a}, b = reader {pairs[0].b}"


def _legend(figure: Figure, pairs: Sequence[Pair]) -> None:
    handles = [
        Patch(fc=pair_style(k)[0], alpha=0.5, label=f"a = {pair.a}, b = {pair.b}")
        for k, pair in enumerate(pairs)
    ]
    figure.legend(  # type: ignore[call-overload]
        handles=handles, loc="outside upper center", ncols=3, handlelength=1.2
    )


def _remark(rows: pd.DataFrame, headline: str) -> str:
    """The definition, and pairs that have no distance."""
    text = (
        f"Surface distances by the {headline} definition. Points: images, counted "
        "below each site."
    )
    one, both = ((rows["status"] == s).sum() for s in ("one_empty", "both_empty"))
    if one or both:
        text += (
            f" Of {len(rows)} pairs, {one} have one empty segmentation (Dice 0, no "
            f"distance), {both} have two (not drawn)."
        )
    return text
