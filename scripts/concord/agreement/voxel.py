"""Surface distances between the centres of boundary voxels."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree

from .distances import DirectedDistances, interpolated_percentile, summarize
from .overlap import Outline


@dataclass(frozen=True)
class BoundaryVoxels:
    """Centres of the boundary voxels of a mask, in mm along the array axes."""

    centres_mm: np.ndarray  # shape (n, 3)
    tree: KDTree


def surface(outline: Outline) -> BoundaryVoxels:
    """Centres of all voxels with at least one face neighbour outside the mask.

    What lies beyond the image is outside. The mask must not be empty.
    """
    boundary = outline.voxels & ~ndimage.binary_erosion(outline.voxels)
    indices = np.argwhere(boundary) + outline.start
    centres_mm = indices * np.asarray(outline.spacing_mm)
    return BoundaryVoxels(centres_mm, KDTree(centres_mm))


def distances(first: BoundaryVoxels, second: BoundaryVoxels) -> dict[str, float]:
    """HD, HD95, pooled HD95 and ASSD between boundary voxels, in mm.

    Each boundary voxel counts once, whatever part of the surface it stands for;
    on thick slices this favours the in-plane contour. The same numbers as in
    MONAI and MetricsReloaded [1]_.

    References
    ----------
    .. [1] Maier-Hein, L., Reinke, A., et al. (2024). "Metrics reloaded:
           recommendations for image analysis validation". Nature Methods, 21,
           195-212. https://doi.org/10.1038/s41592-023-02151-z
    """
    return summarize(
        _directed(first, second), _directed(second, first), interpolated_percentile
    )


def _directed(start: BoundaryVoxels, target: BoundaryVoxels) -> DirectedDistances:
    distance_mm, _ = target.tree.query(start.centres_mm)
    return DirectedDistances(distance_mm, np.ones(len(distance_mm)))
