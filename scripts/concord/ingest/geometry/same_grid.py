"""Grids that are the same but for rounding: how far apart they lie, in voxels.

Programs round matrices to single precision, positions to hundredths of a millimetre
and cosines to six digits. Such grids differ by micrometres, and no voxel by its place.
"""

from itertools import product

import numpy as np

from ...images import Volume

#: Grids nearer than this many voxels are the same without a word.
EXACT_VOXELS = 1e-3


def matrices_apart(
    first: np.ndarray, second: np.ndarray, shape: tuple[int, ...]
) -> float:
    """Largest distance of a corner by two matrices, in voxels of the first.

    Parameters
    ----------
    first, second : ndarray, shape (4, 4)
        From voxel (i, j, k) to a point in mm.
    shape : tuple of int
        Size along i, j, k.
    """
    corners = np.array([*product(*((0, size - 1) for size in shape))], float)
    points = np.column_stack([corners, np.ones(len(corners))]).T
    moved = (np.linalg.inv(first) @ second @ points)[:3].T
    return float(np.abs(moved - corners).max())


def grids_apart(image: Volume, mask: Volume) -> float:
    """Largest distance of a corner of two grids, in voxels of the image.

    Infinite if they have other shapes.
    """
    if image.array.shape != mask.array.shape:
        return float("inf")
    return matrices_apart(image.affine(), mask.affine(), image.array.shape[::-1])


def tolerated_note(apart_voxels: float, what: str) -> tuple[str, ...]:
    """The note on grids that are taken as the same; none if they are."""
    if apart_voxels <= EXACT_VOXELS:
        return ()
    return (f"GRID_TOLERATED {what} lie up to {apart_voxels:.3f} voxels apart",)
