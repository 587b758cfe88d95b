"""Surfaces of triangles and contours of segments, and the distance to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, chain

import numpy as np
from scipy.spatial import KDTree

#: Pairs of points and elements measured at a time, so that memory stays small.
BLOCK = 8192

#: Cubes of neighbouring points whose candidates are looked for together.
CUBES = 64

#: Edge of a cube of neighbouring points, in usual distances of two of them.
CUBE = 8.0

#: Parts of a cube along each axis; the points of one have a first distance in common.
PARTS = 6

#: Part of its squared reach by which rounding in single precision may not mislead.
ROUNDING = 1e-5


@dataclass(frozen=True)
class Surface:
    """Triangles of a surface, or segments of a contour, in mm along the array axes."""

    vertices_mm: np.ndarray  # shape (vertices, axes)
    elements: np.ndarray  # int, shape (n, 3 or 2); vertices of each
    centroids_mm: np.ndarray  # shape (n, axes)
    sizes: np.ndarray  # shape (n,); areas in mm2, or lengths in mm
    radii_mm: np.ndarray  # shape (n,); from the centroid to the farthest vertex
    normals: np.ndarray  # shape (n, axes); of length 1
    tree: KDTree  # of the centroids

    @property
    def apart_mm(self) -> float:
        """Usual distance of neighbouring centroids, in mm."""
        return float(self.sizes.mean() ** (1 / (self.centroids_mm.shape[1] - 1)))

    def distance_mm(self, points_mm: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Exact distance of points to one chosen element each, in mm, shape (n,)."""
        corners = self.elements.take(chosen, axis=0)
        corners_mm = self.vertices_mm.take(corners, axis=0)
        if self.elements.shape[1] == 2:
            return distance_to_segments(points_mm, corners_mm)
        return distance_to_triangles(points_mm, corners_mm)


def surface_of(vertices_mm: np.ndarray, elements: np.ndarray) -> Surface:
    """A surface of triangles or segments that have an area or a length.

    Parameters
    ----------
    vertices_mm : ndarray of float, shape (vertices, axes)
    elements : ndarray of int, shape (n, 3) or (n, 2)
        Vertices of triangles in space, or of segments in a plane.
    """
    corners_mm = [vertices_mm[column] for column in elements.T]
    centroids_mm = sum(corners_mm) / len(corners_mm)
    radii_mm = np.zeros(len(elements))
    for corner in corners_mm:
        away_mm = np.linalg.norm(corner - centroids_mm, axis=1)
        np.maximum(radii_mm, away_mm, out=radii_mm)
    edges = [corner - corners_mm[0] for corner in corners_mm[1:]]
    normals = edges[0][:, ::-1] * (1, -1) if len(edges) == 1 else np.cross(*edges)
    lengths = np.linalg.norm(normals, axis=1)
    return Surface(
        vertices_mm=vertices_mm,
        elements=elements.astype(np.int32),
        centroids_mm=centroids_mm,
        sizes=lengths / len(edges),
        radii_mm=radii_mm,
        normals=normals / lengths[:, None],
        tree=KDTree(centroids_mm, balanced_tree=False, compact_nodes=False),
    )


def nearest_mm(start: Surface, target: Surface) -> np.ndarray:
    """Exact distance of the centroids of a surface to another one, in mm, shape (n,).

    The element nearest to one of some neighbouring points gives all of them a first
    distance. Another one can be nearer only if its centroid lies within that distance
    plus its radius: those are found for a cube of points together, and measured if
    the disc around them comes near enough.
    """
    cubes = _cubes(start)
    points_mm = start.centroids_mm[cubes.order]
    best_mm = np.full(len(points_mm), np.inf)
    counts = np.diff(cubes.parts, append=len(points_mm))
    _, first = target.tree.query(points_mm[cubes.parts + counts // 2])
    first = np.repeat(first, counts)
    _lower(best_mm, points_mm, np.arange(len(points_mm)), first, target)
    for begins in batched(cubes.spans(), CUBES):
        points, elements = _candidates(points_mm, best_mm, begins, target)
        _lower(best_mm, points_mm, points, elements, target)
    found_mm = np.empty_like(best_mm)
    found_mm[cubes.order] = best_mm
    return found_mm


def distance_to_triangles(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Exact distance from points to triangles, in the unit of the coordinates.

    Parameters
    ----------
    points : ndarray of float, shape (..., 3)
    corners : ndarray of float, shape (..., 3 corners, 3 axes)
        Triangles with an area; the leading axes broadcast with `points`.

    Returns
    -------
    ndarray of float, shape (...)
        Distance to the nearest point of the triangle: its plane where the point
        projects into the triangle, else the nearest of the three edges.
    """
    # One contiguous array per coordinate: sums over three are slow along an axis.
    shape = np.broadcast_shapes(points.shape[:-1], corners.shape[:-2])
    point = np.ascontiguousarray(np.moveaxis(points, -1, 0))
    a, b, c = np.ascontiguousarray(np.moveaxis(corners, (-2, -1), (0, 1)))
    to_point, ab, ac = np.broadcast_arrays(point - a, b - a, c - a)
    v, w = _nearest_shares(*(x.reshape(3, -1) for x in (to_point, ab, ac)))
    height = to_point - v.reshape(shape) * ab - w.reshape(shape) * ac
    return np.sqrt(_sum(height, height))


def distance_to_segments(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Exact distance from points to segments, in the unit of the coordinates.

    Parameters
    ----------
    points : ndarray of float, shape (..., axes)
    corners : ndarray of float, shape (..., 2 ends, axes)
        Segments with a length; the leading axes broadcast with `points`.

    Returns
    -------
    ndarray of float, shape (...)
    """
    begin, end = corners[..., 0, :], corners[..., 1, :]
    return np.sqrt(_to_edge(points - begin, end - begin))


@dataclass(frozen=True)
class _Cubes:
    """Points sorted by the cube they lie in, and by the half of it along each axis."""

    order: np.ndarray  # int, shape (n,)
    begins: np.ndarray  # int; the first point of each cube
    parts: np.ndarray  # int; the first point of each part of a cube

    def spans(self) -> Iterator[tuple[int, int]]:
        """First point of each cube, and the one beyond its last."""
        ends = [*self.begins[1:].tolist(), len(self.order)]
        return zip(self.begins.tolist(), ends, strict=True)


def _cubes(start: Surface) -> _Cubes:
    """The centroids of a surface by cubes."""
    points_mm, part_mm = start.centroids_mm, CUBE * start.apart_mm / PARTS
    cells = ((points_mm - points_mm.min(axis=0)) / part_mm).astype(int)
    cubes, parts = np.divmod(cells, PARTS)
    keys = np.ravel_multi_index(tuple(cubes.T), tuple(cubes.max(axis=0) + 1))
    n_parts = PARTS ** points_mm.shape[1]
    keys = keys * n_parts + parts @ (PARTS ** np.arange(points_mm.shape[1]))
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins, of_parts = (
        np.flatnonzero(np.diff(part, prepend=-1)) for part in (keys // n_parts, keys)
    )
    return _Cubes(order, begins, of_parts)


def _candidates(
    points_mm: np.ndarray,
    best_mm: np.ndarray,
    spans: Sequence[tuple[int, int]],
    target: Surface,
) -> tuple[np.ndarray, np.ndarray]:
    """Points of some cubes and elements that may be nearer than the nearest known.

    The disc around the centroid of an element, in its plane, is nearer than b only
    if the squared distance of the centroid is below b2 + r2 + 2 r sqrt(b2 - h2), with
    the radius r of the disc and the height h over its plane.
    """
    first, last = spans[0][0], spans[-1][1]
    counts = np.array([end - begin for begin, end in spans])
    begins = np.cumsum(counts) - counts
    points_mm, best_mm = points_mm[first:last], best_mm[first:last]
    centres_mm = np.add.reduceat(points_mm, begins) / counts[:, None]
    points_mm = points_mm - np.repeat(centres_mm, counts, axis=0)
    squares = _dot(points_mm, points_mm)
    reach_mm = np.maximum.reduceat(np.sqrt(squares) + best_mm, begins)
    elements, columns, forms, planes = _forms(centres_mm, reach_mm, target)
    slack = ROUNDING * (reach_mm + target.radii_mm.max()) ** 2
    best2 = best_mm**2 + np.repeat(slack, counts)
    lifted = np.column_stack([points_mm, np.ones(len(points_mm)), squares - best2])
    rows = zip(begins, begins + counts, strict=True)
    near = _near(lifted, best2, list(rows), columns, forms, planes)
    sizes = counts * [end - begin for begin, end in columns]
    cube = np.searchsorted(np.cumsum(sizes), near, side="right")
    widths = np.array([end - begin for begin, end in columns])[cube]
    row, column = np.divmod(near - (np.cumsum(sizes) - sizes)[cube], widths)
    chosen = elements[np.array([begin for begin, _ in columns])[cube] + column]
    return first + begins[cube] + row, chosen


def _near(lifted, best2, rows, columns, forms, planes) -> np.ndarray:
    """Which pairs of each cube's points and elements are near, as flat positions."""
    sizes = [(b - a) * (d - c) for (a, b), (c, d) in zip(rows, columns, strict=True)]
    lifted, best2 = lifted.astype(np.float32), best2.astype(np.float32)[:, None]
    heights, near, done = lifted[:, :-1], np.empty(sum(sizes), bool), 0
    with np.errstate(invalid="ignore"):  # too high: NaN, which is not near
        for (a, b), (c, d), size in zip(rows, columns, sizes, strict=True):
            beside = heights[a:b] @ planes[:, c:d]
            beside *= beside
            np.subtract(best2[a:b], beside, out=beside)
            np.sqrt(beside, out=beside)
            part = near[done : done + size].reshape(b - a, d - c)
            np.less(lifted[a:b] @ forms[:, c:d], beside, out=part)
            done += size
    return np.flatnonzero(near)


def _forms(centres_mm, reach_mm, target):
    """Elements near cubes, and what gives their distances by a product.

    Of a point lifted to (x, y, z, 1, x2 + y2 + z2 - b2).
    """
    lists = target.tree.query_ball_point(
        centres_mm, reach_mm + target.radii_mm.max(), return_sorted=False
    )
    counts = np.array([len(one) for one in lists])
    elements = np.fromiter(chain.from_iterable(lists), np.int64, counts.sum())
    cube = np.repeat(np.arange(len(counts)), counts)
    away_mm = target.centroids_mm.take(elements, axis=0) - centres_mm.take(cube, axis=0)
    radii_mm, squares = target.radii_mm.take(elements), _dot(away_mm, away_mm)
    keep = np.flatnonzero(squares < (reach_mm.take(cube) + radii_mm) ** 2)
    elements, away_mm = elements.take(keep), away_mm.take(keep, axis=0)
    radii_mm, squares = radii_mm.take(keep), squares.take(keep)
    normals = target.normals.take(elements, axis=0)
    ends = np.searchsorted(cube.take(keep), np.arange(len(counts) + 1)).tolist()
    columns = list(zip(ends[:-1], ends[1:], strict=True))
    scale = 0.5 / radii_mm
    axes = away_mm.shape[1]
    forms = np.empty((axes + 2, len(keep)), np.float32)
    forms[:axes] = (away_mm / -radii_mm[:, None]).T
    forms[axes:] = (squares - radii_mm**2) * scale, scale
    planes = np.empty((axes + 1, len(keep)), np.float32)
    planes[:axes], planes[axes] = normals.T, -_dot(away_mm, normals)
    return elements, columns, forms, planes


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
        found = target.distance_mm(points_mm.take(part, axis=0), chosen)
        np.minimum.at(best_mm, part, found)


def _nearest_shares(
    to_point: np.ndarray, ab: np.ndarray, ac: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Shares v, w of the nearest point a + v ab + w ac of triangles, shape (n,).

    Parameters
    ----------
    to_point, ab, ac : ndarray of float, shape (3, n)
        From a corner to the point and to the other two corners.
    """
    ab_ab, ab_ac, ac_ac = _sum(ab, ab), _sum(ab, ac), _sum(ac, ac)
    along_ab, along_ac = _sum(to_point, ab), _sum(to_point, ac)
    determinant = ab_ab * ac_ac - ab_ac**2
    v = (ac_ac * along_ab - ab_ac * along_ac) / determinant
    w = (ab_ab * along_ac - ab_ac * along_ab) / determinant
    beyond = np.flatnonzero((v < 0) | (w < 0) | (v + w > 1))
    products = (ab_ab, ab_ac, ac_ac, along_ab, along_ac)
    v[beyond], w[beyond] = _on_edges(*(one.take(beyond) for one in products))
    return v, w


def _on_edges(
    ab_ab: np.ndarray,
    ab_ac: np.ndarray,
    ac_ac: np.ndarray,
    along_ab: np.ndarray,
    along_ac: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the nearest point of the three edges, from scalar products."""
    v = np.clip(along_ab / ab_ab, 0, 1)
    w = np.clip(along_ac / ac_ac, 0, 1)
    # Squared distances, all less that of the point to the first corner.
    on_ab, on_ac = v * (v * ab_ab - 2 * along_ab), w * (w * ac_ac - 2 * along_ac)
    least, first = np.minimum(on_ab, on_ac), on_ab <= on_ac
    v, w = np.where(first, v, 0), np.where(first, 0, w)
    bc_bc, along_bc = ab_ab - 2 * ab_ac + ac_ac, along_ac - along_ab - ab_ac + ab_ab
    share = np.clip(along_bc / bc_bc, 0, 1)
    at_b = ab_ab - 2 * along_ab
    third = at_b + share * (share * bc_bc - 2 * along_bc) < least
    return np.where(third, 1 - share, v), np.where(third, share, w)


def _sum(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Scalar products of vectors along the first of the axes, shape (n,)."""
    total = first[0] * second[0]
    for one, other in zip(first[1:], second[1:], strict=True):
        total += one * other
    return total


def _to_edge(to_point: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """Squared distance to a segment, from the point's offset to its beginning."""
    share = np.clip(_dot(to_point, edge) / _dot(edge, edge), 0, 1)
    offset = to_point - share[..., None] * edge
    return _dot(offset, offset)


def _dot(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.einsum("...x,...x->...", first, second)
