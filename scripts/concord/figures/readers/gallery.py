"""Figure: the cases in which readers agree worst, with their segmentations."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..image_slices import WINDOWS, edges, scale_bar, window
from ..labels import measured_on
from ..settings import FigureStyle
from ..style import applied, empty_figure, message_figure, note
from .pairs import reader_colours

_TILE_MM = 44.0
#: Width of the contours of the first, second, ... reader: all stay visible.
_WIDTHS = (2.0, 1.3, 0.7)


def draw(tiles: Sequence[Mapping[str, Any]], style: FigureStyle) -> Figure:
    """One picture per case: a slice, and the segmentations of all readers on it.

    Parameters
    ----------
    tiles : sequence of mapping
        From `concord.agreement.gallery.tiles`, the worst case first.
    style : FigureStyle
        Width and size of the text.
    """
    with applied(style):
        if not tiles:
            return message_figure(style, "No region was segmented by two readers.")
        n_columns = 2 if style.narrow else 3
        n_rows = -(-len(tiles) // n_columns)
        height = (_TILE_MM + style.line_mm(3.5)) * n_rows + style.line_mm(5)
        figure = empty_figure(style, height)
        grid = figure.subplots(n_rows, n_columns, squeeze=False)
        names = sorted({reader for tile in tiles for reader in tile["segmentations"]})
        for axes in grid.ravel()[len(tiles) :]:
            axes.set_visible(False)
        for axes, tile in zip(grid.ravel(), tiles, strict=False):
            _tile(axes, tile, names)
            axes.set_title(_title(tile, "\n" if style.narrow else ", "))
        _legend(figure, names)
        note(figure, _remark(tiles))
    return figure


def _tile(axes: Axes, tile: Mapping[str, Any], names: Sequence[str]) -> None:
    image = np.array([[float(v) for v in row.split()] for row in tile["picture"]])
    row_mm, column_mm = tile["spacing_mm"]
    n_rows, n_columns = image.shape
    width_mm, height_mm = n_columns * column_mm, n_rows * row_mm
    low, high = window(tile["modality"], image)
    axes.imshow(
        image,
        cmap="gray_r" if tile["modality"] == "PT" else "gray",
        vmin=low,
        vmax=high,
        extent=(0, width_mm, height_mm, 0),
        interpolation="nearest",
    )
    colours = reader_colours(names)
    for number, (reader, rows) in enumerate(sorted(tile["segmentations"].items())):
        mask = np.array([[v == "1" for v in row] for row in rows])
        sides = edges(mask) * (column_mm, row_mm)
        width = _WIDTHS[min(number, len(_WIDTHS) - 1)]
        axes.add_collection(
            LineCollection(list(sides), colors=colours[reader], lw=width)
        )
    scale_bar(axes, width_mm, height_mm, dark=tile["modality"] == "PT")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _title(tile: Mapping[str, Any], separator: str) -> str:
    pair = f"{tile['reader']} and {tile['reader_b']}"
    numbers = f"{pair}: Dice {tile['dice']:.2f}"
    if tile["hd95_mm"] is not None:
        numbers += f"{separator}HD95 {tile['hd95_mm']:.1f} mm"
    what = measured_on(tile["image"], tile["region"])
    return f"{tile['subject_id']}, {tile['session']}, {what}\n{numbers}"


def _legend(figure: Figure, names: Sequence[str]) -> None:
    colours = reader_colours(names)
    handles = [
        Line2D([], [], color=colours[name], lw=1.8, label=f"reader {name}")
        for name in names
    ]
    figure.legend(  # type: ignore[call-overload]
        handles=handles, loc="outside upper center", ncols=6
    )


def _remark(tiles: Sequence[Mapping[str, Any]]) -> str:
    """The windows of the modalities that are shown."""
    words = {
        "CT": "CT from {:g} to {:g} HU".format(*WINDOWS["CT"]),
        "PT": "PET from 0 to the 99th percentile of the tile, dark is high",
        "MR": "MR from the 1st to the 99th percentile of the tile",
    }
    shown = [words[name] for name in sorted({tile["modality"] for tile in tiles})]
    return (
        "Of each image the slice in which segmentations differ in most voxels; the "
        "worst pair of readers is named. A reader whose segmentation is not seen has "
        f"none in this slice. Bar: 1 cm. {'; '.join(shown)}."
    )
