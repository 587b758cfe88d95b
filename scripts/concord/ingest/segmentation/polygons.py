"""Polygons on a pixel grid: which pixel centres they hold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

#: Crossings of lines, and pixels, that are worked on at a time.
_CROSSINGS_AT_ONCE, _PIXELS_AT_ONCE = 1 << 21, 1 << 26


class Box(NamedTuple):
    """A part of a pixel grid: its first pixel, and how many it has."""

    first_row: int
    first_column: int
    n_rows: int
    n_columns: int


def box_around(polygons: Iterable[np.ndarray]) -> Box:
    """The smallest box with all pixel centres that polygons can hold."""
    points = np.concatenate([*polygons])
    low = np.ceil(points.min(axis=0)).astype(int)
    size = np.maximum(np.floor(points.max(axis=0)).astype(int) - low + 1, 0)
    return Box(int(low[1]), int(low[0]), int(size[1]), int(size[0]))


def inside(polygon: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Pixels whose centre lies inside a polygon (even-odd rule).

    A centre exactly on an edge belongs to the polygon on its right, or below a
    horizontal edge; so polygons that share an edge never share a pixel.

    Parameters
    ----------
    polygon : ndarray of float, shape (n, 2)
        Vertices (column, row) in pixels; pixel centres are at whole numbers. The
        last vertex is joined to the first.
    shape : tuple of int
        Rows and columns.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
    """
    return parity([polygon], np.zeros(1, int), 1, Box(0, 0, *shape))[0]


def parity(
    polygons: Sequence[np.ndarray], layers: np.ndarray, n_layers: int, box: Box
) -> np.ndarray:
    """Pixels of each layer that lie inside an odd number of its polygons.

    Parameters
    ----------
    polygons : sequence of ndarray, shape (n, 2)
        Vertices (column, row), as for `inside`.
    layers : ndarray of int
        The layer of each polygon.
    box : Box
        The pixels that are looked at.

    Returns
    -------
    ndarray of bool, shape (n_layers, box.n_rows, box.n_columns)
    """
    # One column more than the box: there the lines end.
    toggles = np.zeros((n_layers, box.n_rows, box.n_columns + 1), np.uint8)
    for part in _batches(polygons, box):
        owner, rows, columns = _crossings(polygons[part], box)
        own = layers[part][owner]
        places = np.ravel_multi_index((own, rows, columns), toggles.shape)
        np.add.at(toggles.reshape(-1), places, np.uint8(1))
    # Counts run over at 256, which leaves them odd or even as they were.
    np.add.accumulate(toggles, axis=2, out=toggles)
    np.bitwise_and(toggles, 1, out=toggles)
    return toggles[..., : box.n_columns].view(bool)


def union(polygons: Sequence[np.ndarray], box: Box) -> np.ndarray:
    """Pixels of a box that lie inside any of some polygons, shape (rows, columns)."""
    found = np.zeros((box.n_rows, box.n_columns), bool)
    count = max(_PIXELS_AT_ONCE // max(found.size, 1), 1)
    for start in range(0, len(polygons), count):
        some = polygons[start : start + count]
        found |= parity(some, np.arange(len(some)), len(some), box).any(axis=0)
    return found


def _batches(polygons: Sequence[np.ndarray], box: Box) -> Iterator[slice]:
    """Polygons in runs that cross no more lines of pixels than are worked on at once.

    An edge crosses each line of its polygon's height at most once.
    """
    start = crossings = 0
    for number, polygon in enumerate(polygons):
        height = min(int(np.ptp(polygon[:, 1])) + 1, box.n_rows)
        own = len(polygon) * height
        if number > start and crossings + own > _CROSSINGS_AT_ONCE:
            yield slice(start, number)
            start = number
            crossings = 0
        crossings += own
    if len(polygons) > start:
        yield slice(start, len(polygons))


def _crossings(
    polygons: Sequence[np.ndarray], box: Box
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where edges cross lines of pixel centres: polygon, row, first column inside.

    Rows and columns are counted from the box.
    """
    sizes = np.array([len(polygon) for polygon in polygons])
    points = np.concatenate([*polygons])
    after = np.arange(1, len(points) + 1)
    after[np.cumsum(sizes) - 1] -= sizes  # the last vertex is joined to the first
    other = points[after]
    upward = points[:, 1] <= other[:, 1]
    # The end with the smaller row first: both uses of a shared edge round alike.
    top = np.where(upward[:, None], points, other)
    bottom = np.where(upward[:, None], other, points)
    ends = box.first_row, box.first_row + box.n_rows
    first = np.clip(np.ceil(top[:, 1]), *ends).astype(int)
    counts = np.clip(np.ceil(bottom[:, 1]), *ends).astype(int) - first
    edges = np.repeat(np.arange(len(points)), counts)
    offsets = np.arange(len(edges)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = first[edges] + offsets
    start, end = top[edges], bottom[edges]
    share = (rows - start[:, 1]) / (end[:, 1] - start[:, 1])
    columns = np.ceil(start[:, 0] + share * (end[:, 0] - start[:, 0]))
    columns = np.clip(columns - box.first_column, 0, box.n_columns).astype(int)
    owner = np.repeat(np.arange(len(polygons)), sizes)[edges]
    return owner, rows - box.first_row, columns


def area(polygon: np.ndarray) -> float:
    """Area of a polygon without crossings of its own, in square pixels."""
    x, y = polygon.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
