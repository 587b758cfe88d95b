"""Polygons on a pixel grid: which pixel centres they hold, and which cross."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

#: Relative difference below which the areas of two polygons are the same.
_SAME_AREA = 1e-3


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
    n_rows, n_columns = shape
    columns, rows = _crossings(polygon, n_rows)
    first = np.clip(np.ceil(columns), 0, n_columns).astype(int)
    counts = np.zeros((n_rows, n_columns + 1), np.int32)
    np.add.at(counts, (rows, first), 1)
    return (np.cumsum(counts, axis=1)[:, :n_columns] & 1).astype(bool)


def _crossings(polygon: np.ndarray, n_rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the edges cross the lines of pixel centres: columns and rows."""
    other = np.roll(polygon, -1, axis=0)
    upward = polygon[:, 1] <= other[:, 1]
    # The end with the smaller row first: both uses of a shared edge round alike.
    top = np.where(upward[:, None], polygon, other)
    bottom = np.where(upward[:, None], other, polygon)
    first = np.clip(np.ceil(top[:, 1]), 0, n_rows).astype(int)
    last = np.clip(np.ceil(bottom[:, 1]), 0, n_rows).astype(int)
    counts = last - first
    edges = np.repeat(np.arange(len(polygon)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = first[edges] + offsets
    start, end = top[edges], bottom[edges]
    share = (rows - start[:, 1]) / (end[:, 1] - start[:, 1])
    return start[:, 0] + share * (end[:, 0] - start[:, 0]), rows


def crossing_groups(
    polygons: Sequence[np.ndarray], masks: Sequence[np.ndarray]
) -> list[list[int]]:
    """Numbers of polygons, in groups joined by crossing or by being copies.

    `masks` are the pixels of each polygon. Polygons that only touch, or of which
    one lies inside the other, do not cross.
    """
    group = list(range(len(polygons)))
    for a, b in combinations(range(len(polygons)), 2):
        if group[a] != group[b] and (
            edges_cross(polygons[a], polygons[b])
            or _overlap_partly(masks[a], masks[b])
            or _are_copies(polygons[a], polygons[b], masks[a], masks[b])
        ):
            old, new = group[b], group[a]
            group = [new if number == old else number for number in group]
    return [
        [member for member, own in enumerate(group) if own == number]
        for number in sorted(set(group))
    ]


def area(polygon: np.ndarray) -> float:
    """Area of a polygon without crossings of its own, in square pixels."""
    x, y = polygon.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _overlap_partly(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether each mask has pixels of the other and pixels of its own."""
    common = int((first & second).sum())
    return 0 < common < min(int(first.sum()), int(second.sum()))


def _are_copies(
    first: np.ndarray, second: np.ndarray, mask: np.ndarray, other: np.ndarray
) -> bool:
    """Whether two polygons hold the same pixels and the same area."""
    areas = sorted([area(first), area(second)])
    return areas[1] - areas[0] <= _SAME_AREA * areas[1] and bool((mask == other).all())


def edges_cross(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether an edge of one polygon properly crosses an edge of the other."""
    low = np.maximum(first.min(axis=0), second.min(axis=0))
    high = np.minimum(first.max(axis=0), second.max(axis=0))
    if (low > high).any():
        return False
    a, b = _edges_near(first, low, high)
    c, d = _edges_near(second, low, high)
    separated = _side(a, b, c) * _side(a, b, d) < 0
    return bool((separated & (_side(c, d, a) * _side(c, d, b) < 0).T).any())


def _edges_near(
    polygon: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the edges whose bounding box meets a box."""
    other = np.roll(polygon, -1, axis=0)
    meets = (np.maximum(polygon, other) >= low) & (np.minimum(polygon, other) <= high)
    near = meets.all(axis=1)
    return polygon[near], other[near]


def _side(start: np.ndarray, end: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Sign of the side of each line (n) on which each point (m) lies, (n, m)."""
    along = end - start
    across = points[None] - start[:, None]
    area = along[:, None, 0] * across[..., 1] - along[:, None, 1] * across[..., 0]
    return np.sign(np.round(area, 9))
