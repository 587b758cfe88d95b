"""A phantom whose voxels tell where they are: a linear ramp of position.

The ramp of a point p (LPS, mm) is ``GRADIENT @ (p - ANCHOR_MM)``. Every voxel of a
converted image holds the ramp of the place it was made for, and its affine says
where the reader put it, so a misplaced voxel betrays itself without any reference
reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

#: Ramp per mm; whole values round a position by less than 0.02 mm.
GRADIENT = np.array([17.0, -23.0, 11.0])

#: Where the ramp is zero: inside the phantom, so that a CT holds fat and water.
ANCHOR_MM = np.array([-5.0, 24.0, -19.0])

#: A result counts as right if more than this share of its voxels ...
RIGHT_SHARE = 0.98

#: ... is nearer than this to where it says it is, and none is further away.
LARGEST_ERROR_MM = 0.2


@dataclass(frozen=True)
class Lattice:
    """Where the voxel centres of a series truly are."""

    shape: tuple[int, int, int] = (8, 10, 12)
    spacing_mm: tuple[float, float, float] = (3.0, 0.9, 0.8)  # along (k, j, i)
    origin_mm: tuple[float, float, float] = (-10.0, 20.0, -30.0)
    cosines: tuple[float, ...] = AXIAL
    shear_mm: tuple[float, float] = (0.0, 0.0)  # along (i, j), per slice
    steps: tuple[float, ...] = ()  # where the slices lie, if not at 0, 1, 2, ...

    def axes(self) -> np.ndarray:
        """Unit vectors of i, j and the normal as columns."""
        along_i, along_j = np.reshape(self.cosines, (2, 3))
        return np.column_stack([along_i, along_j, np.cross(along_i, along_j)])

    def affine(self) -> np.ndarray:
        """(4, 4) from (i, j, k) to LPS, in mm."""
        axes = self.axes()
        matrix = np.eye(4)
        matrix[:3, :3] = axes * np.array(self.spacing_mm[::-1])
        matrix[:3, 2] += axes[:, :2] @ self.shear_mm
        matrix[:3, 3] = self.origin_mm
        return matrix

    def position(self, k: int) -> np.ndarray:
        """The centre of the first voxel of a slice (LPS, mm)."""
        return (self.affine() @ [0, 0, self.places()[k], 1])[:3]

    def places(self) -> tuple[float, ...]:
        """Where along k each slice lies."""
        return self.steps or tuple(range(self.shape[0]))

    def ramp(self) -> np.ndarray:
        """Ramp of every voxel, shape (k, j, i)."""
        flat = np.array(points(self.affine(), self.shape))
        moved = np.array(self.places()) - np.arange(self.shape[0])
        along = np.repeat(moved, self.shape[1] * self.shape[2])[:, None]
        return ramp(flat + along * self.affine()[:3, 2]).reshape(self.shape)


@dataclass(frozen=True)
class Truth:
    """What a converted series must hold.

    `values` are the voxels in output units on the lattice. `scale` and `offset`
    take the ramp to output units.
    """

    lattice: Lattice
    values: np.ndarray
    scale: float = 1.0
    offset: float = 0.0
    notes: frozenset[str] = field(default_factory=frozenset)


def points(affine: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """LPS points (n, 3) of the voxels of a (k, j, i) array, in its order."""
    k, j, i = np.indices(shape).reshape(3, -1)
    return np.column_stack([i, j, k]) @ affine[:3, :3].T + affine[:3, 3]


def ramp(points_mm: np.ndarray) -> np.ndarray:
    return (points_mm - ANCHOR_MM) @ GRADIENT


def displacements_mm(volume, truth: Truth) -> np.ndarray:
    """How far each voxel is from the place its value was made for, along the ramp."""
    wanted = ramp(points(volume.affine(), volume.array.shape))
    found = (volume.array.ravel().astype(float) - truth.offset) / truth.scale
    return np.abs(found - wanted) / np.linalg.norm(GRADIENT)


def require_placed(volume, truth: Truth) -> None:
    """Every voxel is where it believes it is."""
    errors = displacements_mm(volume, truth)
    assert (errors < LARGEST_ERROR_MM / 4).mean() > RIGHT_SHARE
    assert errors.max() < LARGEST_ERROR_MM


def require_resampled(volume, truth: Truth) -> None:
    """Within the sheared slices every voxel is right; beyond them all are alike."""
    to_lattice = np.linalg.inv(truth.lattice.affine())
    found = points(volume.affine(), volume.array.shape)
    index = np.round(found @ to_lattice[:3, :3].T + to_lattice[:3, 3], 6)
    last = np.array([*np.array(truth.lattice.shape[:0:-1]) - 1,
                     truth.lattice.places()[-1]])  # fmt: skip
    within = ((index >= 0) & (index <= last)).all(axis=1)
    beyond = ((index < -0.5) | (index > last + 0.5)).any(axis=1)
    assert within.sum() > 0.8 * truth.values.size
    assert displacements_mm(volume, truth)[within].max() < LARGEST_ERROR_MM
    assert len(np.unique(volume.array.ravel()[beyond])) <= 1


def require_exact(volume, truth: Truth) -> None:
    """The lattice is the true one, voxel by voxel, and the values are exact."""
    to_lattice = np.linalg.inv(truth.lattice.affine())
    found = points(volume.affine(), volume.array.shape)
    index = found @ to_lattice[:3, :3].T + to_lattice[:3, 3]
    whole = np.rint(index).astype(int)
    step_mm = np.array(truth.lattice.spacing_mm[::-1])
    assert (np.abs(index - whole) * step_mm).max() < 0.05
    i, j, k = whole.T
    assert (whole >= 0).all()
    assert (whole < truth.lattice.shape[::-1]).all()
    assert sorted(volume.array.shape) == sorted(truth.values.shape)
    place = np.ravel_multi_index((k, j, i), truth.lattice.shape)
    assert len(np.unique(place)) == truth.values.size == volume.array.size
    expected = truth.values[k, j, i].reshape(volume.array.shape)
    if volume.array.dtype.kind == "i":
        np.testing.assert_array_equal(volume.array, expected)
    else:
        np.testing.assert_allclose(volume.array, expected, rtol=2e-6, atol=1e-6)
