"""Surfaces of triangles and contours of segments, and the distance to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched

import numpy as np
from scipy.spatial import KDTree

#: Pairs of points and elements measured at a time, so that memory stays small.
BLOCK = 8192

#: Cubes of neighbouring points whose candidates are measured together.
GROUPS = 64

#: Edge of a cube of neighbouring points, in usual distances of two of them.
CUBE = 6.0


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
        corners_mm = self.vertices_mm[self.elements[chosen]]
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

    The element with the nearest centroid gives a first distance. Another one can be
    nearer only if its centroid lies within that distance plus the largest radius of
    all elements: those are found for some neighbouring points together, and measured
    if the disc around them comes near enough.
    """
    points_mm = start.centroids_mm
    _, first = target.tree.query(points_mm)
    best_mm = np.full(len(points_mm), np.inf)
    _lower(best_mm, points_mm, np.arange(len(points_mm)), first, target)
    pairs = _candidates(points_mm, best_mm.copy(), target, start.apart_mm)
    for some in batched(pairs, GROUPS):
        points, elements = (np.concatenate(part) for part in zip(*some, strict=True))
        _lower(best_mm, points_mm, points, elements, target)
    return best_mm


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
    a, b, c = (corners[..., corner, :] for corner in range(3))
    to_point, ab, ac = points - a, b - a, c - a
    ab_ab, ab_ac, ac_ac = _dot(ab, ab), _dot(ab, ac), _dot(ac, ac)
    along_ab, along_ac = _dot(to_point, ab), _dot(to_point, ac)
    determinant = ab_ab * ac_ac - ab_ac**2
    v = (ac_ac * along_ab - ab_ac * along_ac) / determinant
    w = (ab_ab * along_ac - ab_ac * along_ab) / determinant
    inside = (v >= 0) & (w >= 0) & (v + w <= 1)
    height = to_point - v[..., None] * ab - w[..., None] * ac
    edges = np.minimum(_to_edge(to_point, ab), _to_edge(to_point, ac))
    edges = np.minimum(edges, _to_edge(to_point - ab, ac - ab))
    return np.sqrt(np.where(inside, _dot(height, height), edges))


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


def _candidates(
    points_mm: np.ndarray, best_mm: np.ndarray, target: Surface, apart_mm: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Points and elements that may be nearer than the nearest known, in pairs."""
    order, begins = _neighbours(points_mm, apart_mm)
    points_mm, best_mm = points_mm[order], best_mm[order]
    counts = np.diff(begins, append=len(order))
    centres_mm = np.add.reduceat(points_mm, begins) / counts[:, None]
    from_centre = points_mm - np.repeat(centres_mm, counts, axis=0)
    reach_mm = np.sqrt(_dot(from_centre, from_centre)) + best_mm
    reach_mm = np.maximum.reduceat(reach_mm, begins) + target.radii_mm.max()
    forms, planes = _forms(target)
    for begin, end, centre, reach in zip(
        begins, np.cumsum(counts), centres_mm, reach_mm, strict=True
    ):
        elements = np.array(target.tree.query_ball_point(centre, reach))
        least = _least_mm2(
            points_mm[begin:end],
            forms[elements],
            planes[elements],
            target.radii_mm[elements],
        )
        rows, columns = np.nonzero(least < best_mm[begin:end, None] ** 2)
        yield order[begin + rows], elements[columns]


def _neighbours(
    points_mm: np.ndarray, apart_mm: float
) -> tuple[np.ndarray, np.ndarray]:
    """An order of points by the cube they lie in, and where each cube begins."""
    cubes = np.floor((points_mm - points_mm.min(axis=0)) / (CUBE * apart_mm))
    keys = np.ravel_multi_index(
        tuple(cubes.astype(int).T), tuple(cubes.max(axis=0).astype(int) + 1)
    )
    order = np.argsort(keys, kind="stable")
    return order, np.flatnonzero(np.diff(keys[order], prepend=-1))


def _forms(target: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Per element, what gives its squared distance and its height by a product.

    Of a point lifted to (x, y, z, 1): with the first, the squared distance to the
    centroid less x2 + y2 + z2; with the second, the height over the plane.
    """
    centroids_mm = target.centroids_mm
    squares = _dot(centroids_mm, centroids_mm)
    offsets_mm = -_dot(centroids_mm, target.normals)
    return (
        np.column_stack([-2 * centroids_mm, squares]),
        np.column_stack([target.normals, offsets_mm]),
    )


def _least_mm2(
    points_mm: np.ndarray, forms: np.ndarray, planes: np.ndarray, radii_mm: np.ndarray
) -> np.ndarray:
    """Squared distance that elements have at least, shape (points, elements).

    That of the disc around the centroid in the plane (on the line) of the element.
    """
    lifted = np.column_stack([points_mm, np.ones(len(points_mm))])
    height2 = lifted @ planes.T
    height2 *= height2
    beside = lifted @ forms.T
    beside += _dot(points_mm, points_mm)[:, None]
    beside -= height2
    np.sqrt(np.maximum(beside, 0, out=beside), out=beside)
    beside -= radii_mm
    np.maximum(beside, 0, out=beside)
    beside *= beside
    beside += height2
    return beside


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
        found = target.distance_mm(points_mm[part], chosen)
        np.minimum.at(best_mm, part, found)


def _to_edge(to_point: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """Squared distance to a segment, from the point's offset to its beginning."""
    share = np.clip(_dot(to_point, edge) / _dot(edge, edge), 0, 1)
    offset = to_point - share[..., None] * edge
    return _dot(offset, offset)


def _dot(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.einsum("...x,...x->...", first, second)
