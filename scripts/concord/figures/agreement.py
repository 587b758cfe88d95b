"""Figure: how well readers agree, by site."""

from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .style import BLUE, GREEN, GREY, VERMILLION, Looks, box, message_figure, note
from .summaries import groups

_COMBINATION = ["modality", "region", "reader", "reader_b"]
_MEASURES = {
    "dice": ("Dice coefficient", BLUE, "o"),
    "hd95_mm": ("HD95 (mm)", VERMILLION, "s"),
    "volume_difference": ("Volume difference\n2(b - a)/(a + b)", GREEN, "^"),
}
_PANEL_MM = 42.0


def draw(agreement: pd.DataFrame, headline: str, looks: Looks) -> Figure:
    """Dice, HD95 and volume difference of each pair of readers by site.

    Parameters
    ----------
    agreement : DataFrame
        Table kind "agreement".
    headline : str
        Definition of the surface distances to draw: mesh or voxel.
    looks : Looks
        Width and size of the text.

    Returns
    -------
    Figure
        One row of three panels per modality, region and pair of readers.
    """
    rows = agreement[agreement["definition"] == headline]
    both_drawn = rows[rows["status"] == "ok"]
    with looks.applied():
        if both_drawn.empty:
            return message_figure(looks, "No region was outlined by two readers.")
        combinations = list(groups(both_drawn, _COMBINATION))
        figure = looks.figure(_PANEL_MM * len(combinations) + looks.line_mm(3))
        grid = figure.subplots(
            len(combinations), len(_MEASURES), squeeze=False, sharey="col"
        )
        for panels, (names, part) in zip(grid, combinations, strict=True):
            for axes, measure in zip(panels, _MEASURES, strict=True):
                _panel(axes, part, measure)
            panels[0].set_title(_title(names))
        _limits(grid)
        note(figure, _remark(rows, headline))
    return figure


def _panel(axes: Axes, part: pd.DataFrame, measure: str) -> None:
    """Boxes of one measure, one per site."""
    title, colour, _ = _MEASURES[measure]
    sites = sorted(part["site"].unique())
    for position, site in enumerate(sites):
        values = part.loc[part["site"] == site, measure].to_numpy(dtype=float)
        box(axes, values, position, colour, vertical=True)
    counts = part.groupby("site")[measure].count()
    names = [f"{site}\n{counts[site]}" for site in sites]
    axes.set_xticks(range(len(sites)), names)
    axes.set_xlim(-0.6, len(sites) - 0.4)
    axes.set_ylabel(title)
    if measure == "volume_difference":
        axes.axhline(0, color=GREY, lw=0.6, ls="--", zorder=0)


def _limits(grid: np.ndarray) -> None:
    """Let Dice end at 1 and distances start at 0."""
    for row, column in product(range(len(grid)), range(2)):
        axes = grid[row, column]
        axes.set_ylim(*((None, 1.0) if column == 0 else (0.0, None)))


def _title(names: tuple[str, ...]) -> str:
    modality, region, a, b = names
    return f"{modality} {region.replace('_', ' ')}, a = reader {a}, b = reader {b}"


def _remark(rows: pd.DataFrame, headline: str) -> str:
    """The definition, and pairs that have no distance."""
    text = (
        f"Surface distances by the {headline} definition. Points: images, counted "
        "below each site."
    )
    one, both = ((rows["status"] == s).sum() for s in ("one_empty", "both_empty"))
    if one or both:
        text += (
            f" Not drawn, of {len(rows)} pairs: {one} with one empty outline "
            f"(Dice 0, no distance), {both} with two."
        )
    return text
