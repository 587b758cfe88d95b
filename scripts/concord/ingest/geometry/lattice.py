"""A lattice of voxels without their values."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Lattice:
    """Where voxels lie: as `images.Volume`, with a shape in place of an array."""

    shape: tuple[int, ...]  # (k, j, i)
    spacing_mm: tuple[float, float, float]  # along (k, j, i)
    origin_mm: tuple[float, float, float]  # x, y, z (LPS)
    direction: np.ndarray  # shape (3, 3); columns are the axes i, j, k

    @classmethod
    def of_affine(cls, affine: np.ndarray, shape: tuple[int, ...]) -> "Lattice":
        """The lattice of a (4, 4) matrix from voxel (i, j, k) to LPS point."""
        steps = np.linalg.norm(affine[:3, :3], axis=0)
        i, j, k = steps.tolist()
        x, y, z = affine[:3, 3].tolist()
        return cls(shape, (k, j, i), (x, y, z), affine[:3, :3] / steps)

    @property
    def last_mm(self) -> tuple[float, float, float]:
        """Centre of the first voxel of the last slice, in mm (LPS)."""
        extent_mm = (self.shape[0] - 1) * self.spacing_mm[0]
        x, y, z = (np.array(self.origin_mm) + extent_mm * self.direction[:, 2]).tolist()
        return x, y, z
