"""Figure: the cases in which readers agree worst, with their outlines."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .reader_pairs import measured_on, reader_colours
from .style import Looks, message_figure, note

_TILE_MM = 44.0
_SCALE_BAR_MM = 10.0
#: Fixed windows, in HU; other modalities take percentiles of the tile.
_WINDOWS = {"CT": (-160.0, 240.0)}
_PERCENTILES = (1.0, 99.0)
#: Width of the outlines of the first, second, ... reader: all stay visible.
_WIDTHS = (2.0, 1.3, 0.7)


def draw(tiles: Sequence[Mapping[str, Any]], looks: Looks) -> Figure:
    """One picture per case: a slice, and the outlines of all readers on it.

    Parameters
    ----------
    tiles : sequence of mapping
        From `concord.agreement.gallery.tiles`, the worst case first.
    looks : Looks
        Width and size of the text.
    """
    with looks.applied():
        if not tiles:
            return message_figure(looks, "No region was outlined by two readers.")
        n_columns = 2 if looks.narrow else 3
        n_rows = -(-len(tiles) // n_columns)
        height = (_TILE_MM + looks.line_mm(3.5)) * n_rows + looks.line_mm(5)
        figure = looks.figure(height)
        grid = figure.subplots(n_rows, n_columns, squeeze=False)
        names = sorted({reader for tile in tiles for reader in tile["segmentations"]})
        for axes in grid.ravel()[len(tiles) :]:
            axes.set_visible(False)
        for axes, tile in zip(grid.ravel(), tiles, strict=False):
            _tile(axes, tile, names)
            axes.set_title(_title(tile, "\n" if looks.narrow else ", "))
        _legend(figure, names)
        note(figure, _remark(tiles))
    return figure


def window(modality: str, image: np.ndarray) -> tuple[float, float]:
    """Lowest and highest intensity that are shown."""
    if modality in _WINDOWS:
        return _WINDOWS[modality]
    low, high = np.percentile(image, _PERCENTILES)
    low = 0.0 if modality == "PT" else float(low)
    return low, max(float(high), low + 1e-6)


def edges(mask: np.ndarray) -> np.ndarray:
    """Sides of voxels between inside and outside, as segments.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)

    Returns
    -------
    ndarray, shape (n, 2, 2)
        Start and end of each side as (column, row); the corner of the first voxel
        is (0, 0).
    """
    padded = np.pad(mask, 1)
    rows, columns = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    level = np.stack([[columns, rows], [columns + 1, rows]])
    rows, columns = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    upright = np.stack([[columns, rows], [columns, rows + 1]])
    return np.concatenate([level, upright], axis=2).transpose(2, 0, 1).astype(float)


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


def scale_bar(axes: Axes, width_mm: float, height_mm: float, dark: bool) -> None:
    """A bar of 1 cm in the lower right corner."""
    margin = 0.05 * min(width_mm, height_mm)
    x = width_mm - margin
    colour = "black" if dark else "white"
    axes.plot(
        [x - _SCALE_BAR_MM, x],
        [height_mm - margin] * 2,
        color=colour,
        lw=2,
        solid_capstyle="butt",
    )


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
        "CT": "CT from {:g} to {:g} HU".format(*_WINDOWS["CT"]),
        "PT": "PET from 0 to the 99th percentile of the tile, dark is high",
        "MR": "MR from the 1st to the 99th percentile of the tile",
    }
    shown = [words[name] for name in sorted({tile["modality"] for tile in tiles})]
    return (
        "Of each image the slice in which outlines differ in most voxels; the worst "
        "pair of readers is named. A reader whose outline is not seen has none in this "
        f"slice. Bar: 1 cm. {'; '.join(shown)}."
    )
