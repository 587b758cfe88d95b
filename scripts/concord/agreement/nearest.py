"""Distance from each element of a surface to the nearest point of another surface."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from .elements import Surface

#: Pairs of points and elements measured at a time, so that memory stays small.
BLOCK = 16384

#: Pairs of points and elements of which those that may be near are told at a time.
PAIRS = 2**22

#: Edge of a cube of neighbouring points, in usual distances of two of them.
CUBE = 8.0

#: Parts of a cube along each axis; the points of one have a first element in common.
PARTS = 6

#: How far off the first element may be; the search for it is the faster.
LOOSE = 0.3

#: Share of the squared reach of a cube that covers rounding in single precision, which
#: is below 3e-6 of it.
SLACK = 1e-5


def nearest_mm(start: Surface, target: Surface) -> np.ndarray:
    """Exact distance of the centroids of a surface to another one, in mm, shape (n,).

    An element near some neighbouring points gives each of them a first distance.
    Another element can be nearer only if the disc around it is: the discs that reach
    a cube of points are found together, and the elements of those that come near
    enough to a point are measured.
    """
    cubes = _cubes(start)
    best_mm = np.full(len(cubes.points_mm), np.inf)
    points, first = _first(cubes, target)
    _lower(best_mm, cubes.points_mm, points, first, target)
    reach_mm = np.linalg.norm(cubes.offsets_mm, axis=1) + best_mm
    reach_mm = np.maximum.reduceat(reach_mm, cubes.begins)
    for some in _portions(cubes, reach_mm, target):
        points, elements = _candidates(cubes, some, reach_mm, best_mm, target)
        other = np.flatnonzero(elements != first.take(points))
        points, elements = points.take(other), elements.take(other)
        _lower(best_mm, cubes.points_mm, points, elements, target)
    found_mm = np.empty_like(best_mm)
    found_mm[cubes.order] = best_mm
    return found_mm


@dataclass(frozen=True)
class _Cubes:
    """Points sorted by the cube they lie in, and by the part of the cube."""

    order: np.ndarray  # int, shape (n,); of the points
    points_mm: np.ndarray  # shape (n, axes); in that order
    begins: np.ndarray  # int, shape (cubes,); first point of each cube
    counts: np.ndarray  # int, shape (cubes,); points of each cube
    centres_mm: np.ndarray  # shape (cubes, axes); mean of the points of each cube
    parts: np.ndarray  # int; first point of each part of a cube

    @property
    def offsets_mm(self) -> np.ndarray:
        """Points from the centre of their cube, shape (n, axes)."""
        return self.points_mm - np.repeat(self.centres_mm, self.counts, axis=0)


def _cubes(start: Surface) -> _Cubes:
    """The centroids of a surface in cubes."""
    points_mm, part_mm = start.centroids_mm, CUBE * start.apart_mm / PARTS
    cells = ((points_mm - points_mm.min(axis=0)) / part_mm).astype(np.int32)
    cubes, parts = np.divmod(cells, PARTS)
    keys = np.ravel_multi_index(
        (*cubes.T, *parts.T), (*cubes.max(axis=0) + 1, *[PARTS] * parts.shape[1])
    )
    order = np.argsort(keys, kind="stable")
    keys, points_mm = keys[order], points_mm[order]
    of_cubes = keys // PARTS ** parts.shape[1]
    begins, parts = (np.flatnonzero(np.diff(k, prepend=-1)) for k in (of_cubes, keys))
    counts = np.diff(begins, append=len(order))
    centres_mm = np.add.reduceat(points_mm, begins) / counts[:, None]
    return _Cubes(order, points_mm, begins, counts, centres_mm, parts)


def _first(cubes: _Cubes, target: Surface) -> tuple[np.ndarray, np.ndarray]:
    """All points, and an element near the middle one of each part for its points."""
    points = np.arange(len(cubes.points_mm))
    counts = np.diff(cubes.parts, append=len(points))
    middle_mm = cubes.points_mm[cubes.parts + counts // 2]
    _, elements = target.tree.query(middle_mm, eps=LOOSE)
    return points, np.repeat(elements, counts)


def _portions(cubes: _Cubes, reach_mm: np.ndarray, target: Surface) -> Iterator[slice]:
    """Cubes to be looked at together, since few or small ones need little memory."""
    across = 2 * (reach_mm + target.radii_mm.max()) / target.apart_mm
    elements = np.minimum(
        across ** (cubes.points_mm.shape[1] - 1), len(target.elements)
    )
    pairs = np.cumsum(elements * (cubes.counts + cubes.counts.mean()))
    firsts = np.flatnonzero(np.diff(pairs // PAIRS, prepend=-1))
    for first, end in zip(firsts, [*firsts[1:], len(pairs)], strict=True):
        yield slice(first, end)


def _candidates(
    cubes: _Cubes,
    some: slice,
    reach_mm: np.ndarray,
    best_mm: np.ndarray,
    target: Surface,
) -> tuple[np.ndarray, np.ndarray]:
    """Points of some cubes, and elements that may be nearer to them, in pairs."""
    begins, counts, reach_mm = cubes.begins[some], cubes.counts[some], reach_mm[some]
    points = slice(begins[0], begins[-1] + counts[-1])
    centres_mm = cubes.centres_mm[some]
    offsets_mm = cubes.points_mm[points] - np.repeat(centres_mm, counts, axis=0)
    slack = SLACK * (reach_mm + target.radii_mm.max()) ** 2
    best2 = best_mm[points] ** 2 + np.repeat(slack, counts)
    discs = _discs(centres_mm, reach_mm, target)
    near = _near(offsets_mm, best2, counts, discs)
    sizes = counts * discs.counts
    ends = np.cumsum(sizes)
    cube = np.searchsorted(ends, near, side="right")
    row, column = np.divmod(near - (ends - sizes)[cube], discs.counts[cube])
    column += (np.cumsum(discs.counts) - discs.counts)[cube]
    return begins[cube] + row, discs.elements[column]


@dataclass(frozen=True)
class _Discs:
    """Discs that reach cubes of points, as forms of a point in its cube.

    Of x, y, z from the centre of the cube, 1 and x2 + y2 + z2 - b2, `beside` gives
    (c2 - r2 - b2) / 2r with the distance c to the centre of the disc and its radius r,
    and `heights` the height h over its plane. The disc is nearer than b only if the
    former is below the square root of b2 - h2.
    """

    elements: np.ndarray  # int, shape (n,); those of the first cube come first
    counts: np.ndarray  # int, shape (cubes,); discs that reach each cube
    beside: np.ndarray  # float32, shape (axes + 2, n)
    heights: np.ndarray  # float32, shape (axes + 1, n)


def _discs(centres_mm: np.ndarray, reach_mm: np.ndarray, target: Surface) -> _Discs:
    """Discs of a surface that come as near to the centres of cubes as they reach."""
    lists = target.tree.query_ball_point(
        centres_mm, reach_mm + target.radii_mm.max(), return_sorted=False
    )
    counts = np.array([len(one) for one in lists])
    elements = np.fromiter(chain.from_iterable(lists), np.int64, counts.sum())
    cube = np.repeat(np.arange(len(counts)), counts)
    away_mm = target.tree.data.take(elements, axis=0) - centres_mm.take(cube, axis=0)
    radii_mm, away2 = target.radii_mm.take(elements), _squares(away_mm)
    keep = np.flatnonzero(away2 < (reach_mm.take(cube) + radii_mm) ** 2)
    elements, cube = elements.take(keep), cube.take(keep)
    away_mm, away2 = away_mm.take(keep, axis=0), away2.take(keep)
    radii_mm, normals = radii_mm.take(keep), target.normals.take(elements, axis=0)
    offsets_mm = -np.einsum("nx,nx->n", away_mm, normals)
    halves = [*(-away_mm / radii_mm[:, None]).T, (away2 / radii_mm - radii_mm) / 2]
    return _Discs(
        elements,
        np.bincount(cube, minlength=len(counts)),
        np.array([*halves, 0.5 / radii_mm], np.float32),
        np.array([*normals.T, offsets_mm], np.float32),
    )


def _near(
    offsets_mm: np.ndarray, best2: np.ndarray, counts: np.ndarray, discs: _Discs
) -> np.ndarray:
    """Pairs of a cube's points and discs, cube by cube, that may be nearer."""
    ones = np.ones(len(best2))
    lifted = np.column_stack([offsets_mm, ones, _squares(offsets_mm) - best2])
    lifted, best2 = lifted.astype(np.float32), best2.astype(np.float32)[:, None]
    near, done, row, column = np.empty(counts @ discs.counts, bool), 0, 0, 0
    with np.errstate(invalid="ignore"):  # the root is NaN where the plane is too far
        for n_points, n_discs in zip(counts, discs.counts, strict=True):
            rows, columns = slice(row, row + n_points), slice(column, column + n_discs)
            root = lifted[rows, :-1] @ discs.heights[:, columns]
            root *= root
            np.subtract(best2[rows], root, out=root)
            np.sqrt(root, out=root)
            part = near[done : done + root.size].reshape(root.shape)
            np.less(lifted[rows] @ discs.beside[:, columns], root, out=part)
            done, row, column = done + root.size, rows.stop, columns.stop
    return np.flatnonzero(near)


def _lower(
    best_mm: np.ndarray,
    points_mm: np.ndarray,
    points: np.ndarray,
    elements: np.ndarray,
    target: Surface,
) -> None:
    """Lower the distance of points to that of elements, pair by pair, in place."""
    for begin in range(0, len(points), BLOCK):
        part, chosen = (pair[begin : begin + BLOCK] for pair in (points, elements))
        found_mm = target.distance_mm(points_mm.take(part, axis=0), chosen)
        np.minimum.at(best_mm, part, found_mm)


def _squares(vectors: np.ndarray) -> np.ndarray:
    """Squared lengths, shape (n,)."""
    return np.einsum("nx,nx->n", vectors, vectors)
