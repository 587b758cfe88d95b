"""Surfaces of triangles and contours of segments, and the distance to one of them."""

from dataclasses import dataclass

import numpy as np
from scipy import spatial

#: Elements described at a time, so that memory stays small.
BLOCK = 8192

#: Elements in a leaf of the tree.
LEAF = 32


@dataclass(frozen=True)
class Surface:
    """Triangles of a surface, or segments of a contour, in mm along the array axes."""

    vertices_mm: np.ndarray  # shape (vertices, axes)
    elements: np.ndarray  # int, shape (n, 3 or 2); vertices of each
    centroids_mm: np.ndarray  # shape (n, axes)
    sizes: np.ndarray  # shape (n,); areas in mm2, or lengths in mm
    normals: np.ndarray  # float32, shape (n, axes); of length 1
    radii_mm: np.ndarray  # shape (n,); of a disc around each element, in its plane
    tree: "spatial.KDTree"  # of the centres of the discs

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
    blocks = (elements[i : i + BLOCK] for i in range(0, len(elements), BLOCK))
    parts = zip(*(_measures(vertices_mm, block) for block in blocks), strict=True)
    centroids_mm, sizes, normals, centres_mm, radii_mm = map(np.concatenate, parts)
    return Surface(
        vertices_mm=vertices_mm,
        elements=elements.astype(np.int32, copy=False),
        centroids_mm=centroids_mm,
        sizes=sizes,
        normals=normals,
        radii_mm=radii_mm,
        # A median split costs more than it saves: elements are spread evenly.
        tree=spatial.KDTree(centres_mm, LEAF, balanced_tree=False, compact_nodes=False),
    )


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
    a, b, c = _by_coordinate(corners)
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


def _by_coordinate(corners: np.ndarray) -> np.ndarray:
    """Corners of shape (..., corners, axes) as (corners, axes, ...), contiguous."""
    return np.ascontiguousarray(np.moveaxis(corners, (-2, -1), (0, 1)))


def _measures(vertices_mm: np.ndarray, elements: np.ndarray) -> tuple[np.ndarray, ...]:
    """Centroids, sizes, normals, and centres and radii of discs, of some elements."""
    corners_mm = _by_coordinate(vertices_mm.take(elements, axis=0))
    normals, centres_mm = _normals(corners_mm), _centres(corners_mm)
    lengths = np.sqrt(_sum(normals, normals))
    away_mm = (corner - centres_mm for corner in corners_mm)
    radii2 = np.max([_sum(away, away) for away in away_mm], axis=0)
    return (
        np.ascontiguousarray(corners_mm.mean(axis=0).T),
        lengths / (len(corners_mm) - 1),
        (normals / lengths).T.astype(np.float32, order="C"),
        np.ascontiguousarray(centres_mm.T),
        np.sqrt(radii2),
    )


def _normals(corners: np.ndarray) -> np.ndarray:
    """Vectors across segments or triangles, shape (axes, n).

    As long as the segment, or as twice the area of the triangle.
    """
    edges = corners[1:] - corners[0]
    if len(edges) == 1:
        return np.stack([edges[0, 1], -edges[0, 0]])
    (x, y, z), (u, v, w) = edges
    return np.stack([y * w - z * v, z * u - x * w, x * v - y * u])


def _centres(corners: np.ndarray) -> np.ndarray:
    """Centre of the smallest circle around each element, shape (axes, n).

    The middle of a segment, or of the longest edge of an obtuse triangle; of another
    triangle the centre of the circle through its corners.
    """
    if len(corners) == 2:
        return corners.mean(axis=0)
    sides = corners[[1, 2, 0]] - corners[[2, 0, 1]]
    a, b, c = (_sum(side, side) for side in sides)
    shares = np.stack([a * (b + c - a), b * (c + a - b), c * (a + b - c)])
    obtuse = (shares < 0).any(axis=0)
    shares = np.where(obtuse, shares > 0, shares)
    shares /= shares.sum(axis=0)
    return sum(share * corner for share, corner in zip(shares, corners, strict=True))


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
    v = _clipped(along_ab / ab_ab)
    w = _clipped(along_ac / ac_ac)
    # Squared distances, all less that of the point to the first corner.
    on_ab, on_ac = v * (v * ab_ab - 2 * along_ab), w * (w * ac_ac - 2 * along_ac)
    least, first = np.minimum(on_ab, on_ac), on_ab <= on_ac
    v, w = np.where(first, v, 0), np.where(first, 0, w)
    bc_bc, along_bc = ab_ab - 2 * ab_ac + ac_ac, along_ac - along_ab - ab_ac + ab_ab
    share = _clipped(along_bc / bc_bc)
    at_b = ab_ab - 2 * along_ab
    third = at_b + share * (share * bc_bc - 2 * along_bc) < least
    return np.where(third, 1 - share, v), np.where(third, share, w)


def _clipped(shares: np.ndarray) -> np.ndarray:
    """Shares within [0, 1], in place."""
    np.maximum(shares, 0, out=shares)
    return np.minimum(shares, 1, out=shares)


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
