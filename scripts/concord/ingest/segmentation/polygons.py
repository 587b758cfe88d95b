"""Polygons on a pixel grid: which pixel centres they hold, and which cross."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

#: Relative difference below which the areas of two polygons are the same.
_SAME_AREA = 1e-3

#: Edges of one polygon that are compared at a time with those of another.
_EDGES_AT_ONCE = 256


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
    if polygons:
        owner, rows, columns = _crossings(polygons, box)
        places = np.ravel_multi_index((layers[owner], rows, columns), toggles.shape)
        np.add.at(toggles.reshape(-1), places, np.uint8(1))
    # Counts run over at 256, which leaves them odd or even as they were.
    np.add.accumulate(toggles, axis=2, out=toggles)
    np.bitwise_and(toggles, 1, out=toggles)
    return toggles[..., : box.n_columns].view(bool)


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


def crossing_groups(polygons: Sequence[np.ndarray]) -> list[list[int]]:
    """Numbers of polygons, in groups joined by crossing or by being copies.

    Polygons that only touch, or of which one lies inside the other, do not cross.
    """
    group = list(range(len(polygons)))
    pairs = _near_pairs(polygons)
    masks = _masks(polygons, {number for pair in pairs for number in pair})
    for a, b in pairs:
        if group[a] != group[b] and (
            _overlap_partly(masks[a], masks[b])
            or _are_copies(polygons[a], polygons[b], masks[a], masks[b])
            or edges_cross(polygons[a], polygons[b])
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


def _near_pairs(polygons: Sequence[np.ndarray]) -> list[tuple[int, int]]:
    """Pairs of polygons whose bounding boxes meet."""
    low = np.array([polygon.min(axis=0) for polygon in polygons])
    high = np.array([polygon.max(axis=0) for polygon in polygons])
    meet = (low[:, None] <= high[None]) & (low[None] <= high[:, None])
    first, second = np.nonzero(np.triu(meet.all(axis=2), 1))
    return [*zip(first.tolist(), second.tolist(), strict=True)]


def _masks(polygons: Sequence[np.ndarray], wanted: set[int]) -> dict[int, np.ndarray]:
    """Pixels of some of the polygons, all on one grid."""
    if not wanted:
        return {}
    numbers = sorted(wanted)
    chosen = [polygons[number] for number in numbers]
    masks = parity(chosen, np.arange(len(chosen)), len(chosen), box_around(chosen))
    return dict(zip(numbers, masks, strict=True))


def _overlap_partly(first: np.ndarray, second: np.ndarray) -> bool:
    """True if each mask has pixels of the other and pixels of its own."""
    common = np.count_nonzero(first & second)
    return bool(0 < common < min(np.count_nonzero(first), np.count_nonzero(second)))


def _are_copies(
    first: np.ndarray, second: np.ndarray, mask: np.ndarray, other: np.ndarray
) -> bool:
    """True if two polygons hold the same pixels and the same area."""
    areas = sorted([area(first), area(second)])
    return areas[1] - areas[0] <= _SAME_AREA * areas[1] and bool((mask == other).all())


def edges_cross(first: np.ndarray, second: np.ndarray) -> bool:
    """True if an edge of one polygon properly crosses an edge of the other."""
    low = np.maximum(first.min(axis=0), second.min(axis=0))
    high = np.minimum(first.max(axis=0), second.max(axis=0))
    if (low > high).any():
        return False
    start, end = _edges_near(first, low, high)
    others = _edges_near(second, low, high)
    return any(
        _any_cross(
            (start[at : at + _EDGES_AT_ONCE], end[at : at + _EDGES_AT_ONCE]), others
        )
        for at in range(0, len(start), _EDGES_AT_ONCE)
    )


def _any_cross(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> bool:
    """True if any of some edges (starts, ends) crosses any of others."""
    (a, b), (c, d) = first, second
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
