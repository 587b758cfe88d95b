"""Surface distances between the centres of boundary voxels."""

from dataclasses import dataclass

import numpy as np
from scipy import spatial

from .distances import DirectedDistances, SurfaceDistances, interpolated_percentile
from .overlap import Segmentation


@dataclass(frozen=True)
class BoundaryVoxels:
    """Boundary voxels of a mask, and their centres in mm along the array axes."""

    voxels: np.ndarray  # bool, within the box of the mask
    start: tuple[int, ...]  # index of the box's first voxel in the whole grid
    indices: np.ndarray  # int, shape (n, axes); in the whole grid
    centres_mm: np.ndarray  # shape (n, axes)
    tree: "spatial.KDTree"

    def holds(self, indices: np.ndarray) -> np.ndarray:
        """Voxels of the whole grid that are boundary here; bool, shape (n,)."""
        local = indices - self.start
        within = ((local >= 0) & (local < self.voxels.shape)).all(axis=1)
        found = np.zeros(len(indices), bool)
        found[within] = self.voxels[tuple(local[within].T)]
        return found


def surface(segmentation: Segmentation) -> BoundaryVoxels:
    """Centres of all voxels with at least one face neighbour outside the mask.

    What lies beyond the image is outside. The mask must not be empty. In a plane
    the neighbours are those of the plane.
    """
    boundary = segmentation.voxels & ~_interior(segmentation.voxels)
    indices = np.argwhere(boundary) + segmentation.start
    centres_mm = indices * np.asarray(segmentation.spacing_mm)
    # Points of a grid are spread evenly: a median split costs more than it saves.
    tree = spatial.KDTree(centres_mm, balanced_tree=False, compact_nodes=False)
    return BoundaryVoxels(boundary, segmentation.start, indices, centres_mm, tree)


def distances(first: BoundaryVoxels, second: BoundaryVoxels) -> SurfaceDistances:
    """Distances between boundary voxels in both directions, in mm.

    Each boundary voxel counts once, whatever part of the surface it stands for;
    on thick slices this favours the in-plane contour. The same numbers as in
    MONAI and MetricsReloaded [1]_.

    References
    ----------
    .. [1] Maier-Hein, L., Reinke, A., et al. (2024). "Metrics reloaded:
           recommendations for image analysis validation". Nature Methods, 21,
           195-212. https://doi.org/10.1038/s41592-023-02151-z
    """
    return SurfaceDistances(
        _directed(first, second), _directed(second, first), interpolated_percentile
    )


def _directed(start: BoundaryVoxels, target: BoundaryVoxels) -> DirectedDistances:
    """Distance of each boundary voxel; 0 without search where both have one."""
    apart = ~target.holds(start.indices)
    distance_mm = np.zeros(len(apart))
    distance_mm[apart], _ = target.tree.query(start.centres_mm[apart])
    return DirectedDistances(distance_mm, np.ones(len(apart)))


def _interior(voxels: np.ndarray) -> np.ndarray:
    """Voxels of a mask of which every face neighbour is in the mask too."""
    interior = voxels.copy()
    for axis in range(voxels.ndim):
        along, inside = np.moveaxis(voxels, axis, 0), np.moveaxis(interior, axis, 0)
        inside[[0, -1]] = False
        inside[1:] &= along[:-1]
        inside[:-1] &= along[1:]
    return interior
