"""Surface distances between triangle meshes."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from .distances import DirectedDistances, summarize, weighted_percentile
from .overlap import Outline

#: Triangles, nearest by their centroid, that a point is compared with.
N_NEAREST = 8

#: Points handled at a time, so that memory stays at some ten megabytes.
BLOCK = 8192


@dataclass(frozen=True)
class SurfaceMesh:
    """Triangles of a surface, in mm along the array axes."""

    corners_mm: np.ndarray  # shape (n, 3 corners, 3 axes)
    centroids_mm: np.ndarray  # shape (n, 3)
    areas_mm2: np.ndarray  # shape (n,)
    tree: KDTree  # of the centroids


def surface(outline: Outline) -> SurfaceMesh:
    """Mesh half-way between voxels inside and outside, by marching cubes [1]_.

    What lies beyond the image is outside. The mask must not be empty.

    References
    ----------
    .. [1] Lewiner, T., Lopes, H., Vieira, A. W., Tavares, G. (2003). "Efficient
           implementation of marching cubes' cases with topological guarantees".
           Journal of Graphics Tools, 8, 1-15.
           https://doi.org/10.1080/10867651.2003.10487582
    """
    from skimage.measure import marching_cubes

    padded = np.pad(outline.voxels, 1).astype(np.float32)
    vertices, faces, _, _ = marching_cubes(padded, 0.5, allow_degenerate=False)
    # Half-integers are exact in single precision; millimetres are not.
    in_grid = vertices.astype(float) + np.subtract(outline.start, 1)
    corners_mm = (in_grid * np.asarray(outline.spacing_mm))[faces]
    a, b, c = (corners_mm[:, corner] for corner in range(3))
    areas_mm2 = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    centroids_mm = (a + b + c) / 3
    return SurfaceMesh(corners_mm, centroids_mm, areas_mm2, KDTree(centroids_mm))


def distances(first: SurfaceMesh, second: SurfaceMesh) -> dict[str, float]:
    """HD, HD95, pooled HD95 and ASSD between two meshes, in mm.

    Distances run from the centroid of each triangle, which stands for the area
    of its triangle, to the nearest point of the other mesh. `hd_mm` is thus the
    largest over the centroids.
    """
    there = DirectedDistances(_nearest_mm(first, second), first.areas_mm2)
    back = DirectedDistances(_nearest_mm(second, first), second.areas_mm2)
    return summarize(there, back, weighted_percentile)


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


def _nearest_mm(start: SurfaceMesh, target: SurfaceMesh) -> np.ndarray:
    """Distance of each centroid of one mesh to another mesh, shape (n,)."""
    n_nearest = min(N_NEAREST, len(target.areas_mm2))
    nearest_mm = np.empty(len(start.areas_mm2))
    for begin in range(0, len(nearest_mm), BLOCK):
        points = start.centroids_mm[begin : begin + BLOCK]
        _, candidates = target.tree.query(points, k=n_nearest)
        found = distance_to_triangles(points[:, None], target.corners_mm[candidates])
        nearest_mm[begin : begin + BLOCK] = found.min(axis=1)
    return nearest_mm


def _to_edge(to_point: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """Squared distance to a segment, from the point's offset to its beginning."""
    share = np.clip(_dot(to_point, edge) / _dot(edge, edge), 0, 1)
    offset = to_point - share[..., None] * edge
    return _dot(offset, offset)


def _dot(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.einsum("...x,...x->...", first, second)
