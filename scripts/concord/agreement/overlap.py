"""Masks cut to their own box, and how far their voxels coincide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Outline:
    """A mask cut to the box of its own voxels, and where that box begins."""

    voxels: np.ndarray  # bool, shape of the box; of size 0 if the mask is empty
    start: tuple[int, ...]  # index of the box's first voxel in the whole grid
    spacing_mm: tuple[float, ...]  # along each array axis

    @property
    def n_voxels(self) -> int:
        """Number of voxels inside."""
        return int(np.count_nonzero(self.voxels))

    @property
    def volume_mm3(self) -> float:
        """Number of voxels times the volume of a voxel, in mm3."""
        return self.n_voxels * float(np.prod(self.spacing_mm))


def crop(mask: np.ndarray, spacing_mm: Sequence[float]) -> Outline:
    """Cut a mask to the smallest box that holds all of its voxels.

    Parameters
    ----------
    mask : ndarray of bool, shape (k, j, i)
        May be empty.
    spacing_mm : sequence of float, length 3
        Distance of the voxel centres along each array axis, in mm.

    Returns
    -------
    Outline
        A copy; the whole array is not kept alive.
    """
    start = []
    for axis in range(mask.ndim):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        filled = np.flatnonzero(mask.any(axis=others))
        first, end = (filled[0], filled[-1] + 1) if filled.size else (0, 0)
        mask = mask[(slice(None),) * axis + (slice(first, end),)]
        start.append(int(first))
    return Outline(mask.copy(), tuple(start), tuple(map(float, spacing_mm)))


def overlap(first: Outline, second: Outline) -> dict[str, float | str]:
    """Dice and volumes of two masks on one grid.

    Returns
    -------
    dict
        `status` (ok, both_empty or one_empty), `dice` in [0, 1] [1]_,
        `volume_mm3`, `volume_b_mm3` and `volume_difference` = 2 (b - a) / (a + b)
        in [-2, 2]. If both masks are empty, Dice and the difference are NaN; if
        one is, Dice is 0.

    References
    ----------
    .. [1] Dice, L. R. (1945). "Measures of the amount of ecologic association
           between species". Ecology, 26, 297-302. https://doi.org/10.2307/1932409
    """
    n_first, n_second = first.n_voxels, second.n_voxels
    total = n_first + n_second
    status = "ok" if n_first and n_second else "one_empty" if total else "both_empty"
    common = n_common(first, second)
    return {
        "status": status,
        "dice": 2 * common / total if total else np.nan,
        "volume_mm3": first.volume_mm3,
        "volume_b_mm3": second.volume_mm3,
        "volume_difference": 2 * (n_second - n_first) / total if total else np.nan,
    }


def n_common(first: Outline, second: Outline) -> int:
    """Number of voxels that lie in both masks."""
    begin = np.maximum(first.start, second.start)
    end = np.minimum(_end(first), _end(second))
    if (begin >= end).any():
        return 0
    parts = [
        outline.voxels[tuple(map(slice, begin - outline.start, end - outline.start))]
        for outline in (first, second)
    ]
    return int(np.count_nonzero(parts[0] & parts[1]))


def _end(outline: Outline) -> np.ndarray:
    return np.add(outline.start, outline.voxels.shape)
