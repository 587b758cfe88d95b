"""Surface distances between triangle meshes, in a plane between contours."""

import numpy as np

from .distances import DirectedDistances, SurfaceDistances, weighted_percentile
from .elements import Surface, surface_of
from .nearest import nearest_mm
from .overlap import Segmentation

#: Layers between slices whose triangles are made at a time.
SLICES = 16


def surface(segmentation: Segmentation) -> Surface:
    """Mesh half-way between voxels inside and outside, by marching cubes [1]_.

    What lies beyond the image is outside. The mask must not be empty. Of a segmentation
    in a plane it is the contour, by marching squares.

    References
    ----------
    .. [1] Lewiner, T., Lopes, H., Vieira, A. W., Tavares, G. (2003). "Efficient
           implementation of marching cubes' cases with topological guarantees".
           Journal of Graphics Tools, 8, 1-15.
           https://doi.org/10.1080/10867651.2003.10487582
    """
    padded = np.pad(segmentation.voxels, 1)
    vertices, elements = (_segments if padded.ndim == 2 else _triangles)(padded)
    # Half-integers are exact in single precision; millimetres are not.
    in_grid = vertices.astype(float)
    in_grid += np.subtract(segmentation.start, 1)
    in_grid *= segmentation.spacing_mm
    return surface_of(in_grid, elements)


def distances(first: Surface, second: Surface) -> SurfaceDistances:
    """Distances between two meshes or contours in both directions, in mm.

    Distances run from the centroid of each element, which stands for the area
    (length) of its triangle (segment), to the nearest point of the other mesh.
    `hd_mm` is thus the largest over the centroids.
    """
    there, back = (
        DirectedDistances(nearest_mm(start, target), start.sizes)
        for start, target in ((first, second), (second, first))
    )
    return SurfaceDistances(there, back, weighted_percentile)


def _triangles(padded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices in voxels, shape (vertices, 3), and those of each triangle.

    Some slices at a time, so that memory stays small: the triangles within a layer of
    voxels depend on nothing else, and the vertices between two parts come twice.
    """
    from skimage.measure import marching_cubes

    vertices, faces, n_vertices = [], [], 0
    for first in range(0, len(padded) - 1, SLICES):
        slab = padded[first : first + SLICES + 1]
        if not slab.any():
            continue
        # Corners half-way between voxels: no triangle is without an area.
        found, of_found, _, _ = marching_cubes(slab.astype(np.float32), 0.5)
        found[:, 0] += first
        vertices.append(found)
        faces.append(of_found + np.int32(n_vertices))
        n_vertices += len(found)
    return np.concatenate(vertices), np.concatenate(faces)


def _segments(padded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices in pixels, shape (vertices, 2), and those of each segment."""
    from skimage.measure import find_contours

    contours = find_contours(padded.astype(np.float32), 0.5)
    vertices = np.concatenate(contours)
    last = np.cumsum([len(line) for line in contours]) - 1
    begin = np.setdiff1d(np.arange(len(vertices)), last)
    return vertices, np.column_stack([begin, begin + 1])
