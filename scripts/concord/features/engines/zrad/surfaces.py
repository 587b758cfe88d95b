"""Surfaces of a mask as the two feature engines mesh it by marching cubes."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from skimage import measure

Table = Literal["lorensen", "lewiner"]
Spacing = tuple[float, float, float]

#: Relative difference up to which two areas are equal.
_EQUAL = 1e-6


@dataclass(frozen=True)
class Mesh:
    """Size of a closed surface."""

    volume_mm3: float
    area_mm2: float


def of_engines(mask: np.ndarray, spacing_mm: Spacing) -> tuple[Mesh, Mesh]:
    """The surface of a mask in the first and in the second engine.

    Both reproduce what the engines give, to their last digits. The first one counts a
    corner as outside where Lorensen's tables ask whether it is inside: voxels that
    meet at an edge are joined.

    Parameters
    ----------
    mask : ndarray of bool, shape (k, j, i)
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    """
    padded = np.pad(mask.astype(np.float64), 1)
    first = _mesh(1 - padded, spacing_mm, "lorensen")
    return first, _mesh(padded, spacing_mm, "lewiner")


def tables_differ(mask: np.ndarray, spacing_mm: Spacing) -> bool:
    """Test if the tables of Lorensen and Lewiner give surfaces of different area."""
    padded = np.pad(mask.astype(np.float64), 1)
    areas = [
        _mesh(padded, spacing_mm, table).area_mm2 for table in ("lorensen", "lewiner")
    ]
    return not math.isclose(*areas, rel_tol=_EQUAL)


def _mesh(values: np.ndarray, spacing_mm: Spacing, table: Table) -> Mesh:
    """The surface at 0.5 by one table."""
    points, faces, _, _ = measure.marching_cubes(
        values, 0.5, spacing=spacing_mm, method=table
    )
    a, b, c = np.moveaxis(points[faces], 1, 0)
    volume_mm3 = abs(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)
    return Mesh(float(volume_mm3), float(measure.mesh_surface_area(points, faces)))
