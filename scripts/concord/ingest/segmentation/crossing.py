"""Polygons of one plane that cross or are copies of each other.

The work grows with the pairs of polygons that lie near each other, which are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import IngestFault
from .polygons import area, box_around, parity

#: Relative difference below which the areas of two polygons are the same.
_SAME_AREA = 1e-3

#: Pairs of edges that are compared at a time.
_PAIRS_AT_ONCE = 1 << 18

#: Pairs of contours of one region, and of edges of two contours, that are compared.
MOST_PAIRS, MOST_EDGE_PAIRS = 500_000, 1 << 30

#: Pixels of all polygons of a plane that are kept at once, to be compared in pairs.
_PIXELS_KEPT = 1 << 26


@dataclass
class Spare:
    """Number of further pairs of contours of a region that are compared."""

    pairs: int = MOST_PAIRS

    def take(self, count: int) -> None:
        """Use up some pairs; TOO_LARGE if there are not so many left."""
        self.pairs -= count
        if self.pairs < 0:
            raise _too_many("contours of the region", MOST_PAIRS)


def crossing_groups(
    polygons: Sequence[np.ndarray], spare: Spare | None = None
) -> list[list[int]]:
    """Numbers of polygons, in groups joined by crossing or by being copies.

    Polygons that only touch, or of which one lies inside the other, do not cross.

    Parameters
    ----------
    polygons : sequence of ndarray, shape (n, 2)
        Of one plane.
    spare : Spare, optional
        Of all planes of a region together.

    Raises
    ------
    IngestFault
        TOO_LARGE if more pairs than that lie near each other.
    """
    spare = spare or Spare()
    pairs = _near_pairs(polygons, spare)
    masks = _masks(polygons, {number for pair in pairs for number in pair})
    groups = _Groups(len(polygons))
    for a, b in pairs:
        if groups.of(a) != groups.of(b) and _belong(polygons, masks, a, b):
            groups.join(a, b)
    members: dict[int, list[int]] = {}
    for number in range(len(polygons)):
        members.setdefault(groups.of(number), []).append(number)
    return [members[number] for number in sorted(members)]


class _Groups:
    """Numbers in groups, each called by its least one."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, number: int) -> int:
        """The group of a number."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, first: int, second: int) -> None:
        """Make one group of those of two numbers."""
        low, high = sorted((self.of(first), self.of(second)))
        self._above[high] = low


def _masks(polygons: Sequence[np.ndarray], wanted: set[int]) -> dict[int, np.ndarray]:
    """Pixels of some polygons on one grid; none if they are too many to be kept."""
    numbers = sorted(wanted)
    chosen = [polygons[number] for number in numbers]
    box = box_around(chosen) if chosen else None
    if box is None or len(chosen) * box.n_rows * box.n_columns > _PIXELS_KEPT:
        return {}
    masks = parity(chosen, np.arange(len(chosen)), len(chosen), box)
    return dict(zip(numbers, masks, strict=True))


def _belong(
    polygons: Sequence[np.ndarray], masks: Mapping[int, np.ndarray], a: int, b: int
) -> bool:
    """True if two polygons cross, or are copies of each other."""
    first, second = polygons[a], polygons[b]
    if masks:
        mask, other = masks[a], masks[b]
    else:
        box = box_around([first, second])
        mask, other = parity([first, second], np.arange(2), 2, box)
    return (
        _overlap_partly(mask, other)
        or _are_copies(first, second, mask, other)
        or edges_cross(first, second)
    )


def _near_pairs(polygons: Sequence[np.ndarray], spare: Spare) -> list[tuple[int, int]]:
    """Pairs of polygons whose bounding boxes meet, the lesser number first.

    Polygons are taken in the order of their first columns, so that each is compared
    with those alone that begin before it ends.
    """
    low = np.array([polygon.min(axis=0) for polygon in polygons])
    high = np.array([polygon.max(axis=0) for polygon in polygons])
    order = np.argsort(low[:, 0], kind="stable")
    ends = np.searchsorted(low[order, 0], high[order, 0], side="right")
    pairs: list[tuple[int, int]] = []
    for place, number in enumerate(order.tolist()):
        others = order[place + 1 : ends[place]]
        meet = (low[others, 1] <= high[number, 1]) & (high[others, 1] >= low[number, 1])
        near = others[meet].tolist()
        spare.take(len(near))
        pairs += [(min(number, other), max(number, other)) for other in near]
    return pairs


def _too_many(what: str, most: int) -> IngestFault:
    return IngestFault(
        "TOO_LARGE",
        f"{what} lie near each other in more than {most} pairs, which are not "
        "compared. Export the segmentation again, or convert it to a NIfTI label map.",
    )


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
    if len(start) * len(others[0]) > MOST_EDGE_PAIRS:
        text = f"{len(start)} and {len(others[0])} edges of two contours"
        raise _too_many(text, MOST_EDGE_PAIRS)
    count = max(_PAIRS_AT_ONCE // max(len(others[0]), 1), 1)
    return any(
        _any_cross((start[at : at + count], end[at : at + count]), others)
        for at in range(0, len(start), count)
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
