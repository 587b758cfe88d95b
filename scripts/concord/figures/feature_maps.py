"""Figure: where in a region a feature has which value."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from . import labels
from .image_slices import edges, scale_bar, window
from .settings import FigureStyle
from .style import BLUE, applied, empty_figure, message_figure, note

_PICTURE_MM = 38.0

#: Rows of the figure; further regions are in the files alone.
MOST_ROWS = 6


def draw(
    pictures: Sequence[Mapping[str, Any]], radius_mm: float, style: FigureStyle
) -> Figure:
    """One row per region: the image, then the map of each feature.

    Parameters
    ----------
    pictures : sequence of mapping
        From `concord.features.maps`.
    radius_mm : float
        Radius of the ball of each value.
    style : FigureStyle
        Width and size of the text.
    """
    drawn = [one for one in pictures if "maps" in one]
    with applied(style):
        if not drawn:
            return message_figure(style, "No region could be mapped.")
        shown = drawn[:MOST_ROWS]
        n_columns = 1 + max(len(one["maps"]) for one in shown)
        height = (_PICTURE_MM + style.line_mm(3)) * len(shown) + style.line_mm(3)
        figure = empty_figure(style, height)
        grid = figure.subplots(len(shown), n_columns, squeeze=False)
        for row, one in zip(grid, shown, strict=True):
            _row(figure, row, one)
        note(figure, _remark(pictures, shown, radius_mm))
    return figure


def _row(figure: Figure, row: np.ndarray, one: Mapping[str, Any]) -> None:
    """The image of a region and its maps."""
    image, inside = _picture(one["picture"]), _picture(one["inside"]) > 0
    dark = one["modality"] == "PT"
    low, high = window(one["modality"], image)
    _show(row[0], one, image, cmap="gray_r" if dark else "gray", vmin=low, vmax=high)
    row_mm, column_mm = one["spacing_mm"]
    sides = edges(inside) * (column_mm, row_mm)
    row[0].add_collection(LineCollection(list(sides), colors=BLUE, lw=0.9))
    height, width = image.shape[0] * row_mm, image.shape[1] * column_mm
    scale_bar(row[0], width, height, dark=dark)
    what = labels.measured_on(one["image"], one["region"])
    row[0].set_title(f"{one['subject_id']}, {what}")
    for axes, (column, rows) in zip(row[1:], one["maps"].items(), strict=False):
        shown = _show(axes, one, _picture(rows), cmap="viridis")
        figure.colorbar(shown, ax=axes, shrink=0.8, pad=0.02)
        axes.set_title(_title(column, one["units"][column]))
    for axes in row[1 + len(one["maps"]) :]:
        axes.set_visible(False)


def _title(column: str, unit: str) -> str:
    """Family, feature and unit of a map."""
    family, feature = column.split(".")[1:]
    words = feature.replace("_", " ")
    known = "" if unit == "1" else f" ({unit.replace('2', '\N{SUPERSCRIPT TWO}')})"
    return f"{labels.FAMILIES[family]}\n{words}{known}"


def _show(axes: Axes, one: Mapping[str, Any], picture: np.ndarray, **how: Any) -> Any:
    row_mm, column_mm = one["spacing_mm"]
    extent = (0, picture.shape[1] * column_mm, picture.shape[0] * row_mm, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    return axes.imshow(picture, extent=extent, interpolation="nearest", **how)


def _picture(rows: Sequence[str]) -> np.ndarray:
    return np.array([[float(value) for value in row.split()] for row in rows])


def _remark(
    pictures: Sequence[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
    radius_mm: float,
) -> str:
    text = (
        f"Value of the feature in a ball of {radius_mm:g} mm around each voxel of the "
        "region; colours of a map run from its lowest to its highest value. Bar: 1 cm."
    )
    missing = sum("maps" not in one for one in pictures)
    more = len(pictures) - missing - len(shown)
    if missing:
        text += f" Not mapped, because they cannot be measured: {missing} regions."
    if more:
        text += f" {more} further regions are in results/maps."
    return text
