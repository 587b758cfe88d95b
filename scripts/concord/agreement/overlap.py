"""Masks cut to their own box, and how far their voxels coincide."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import ndimage

_MM3_PER_ML = 1000.0


@dataclass(frozen=True)
class Segmentation:
    """A mask cut to the box of its own voxels, and where that box begins."""

    voxels: np.ndarray  # bool, shape of the box; of size 0 if the mask is empty
    start: tuple[int, ...]  # index of the box's first voxel in the whole grid
    spacing_mm: tuple[float, ...]  # along each array axis
    grid_shape: tuple[int, ...]  # of the whole grid

    @cached_property
    def n_voxels(self) -> int:
        """Number of voxels inside."""
        return int(np.count_nonzero(self.voxels))

    @property
    def volume_mm3(self) -> float:
        """Number of voxels times the volume of a voxel, in mm3."""
        return self.n_voxels * float(np.prod(self.spacing_mm))

    @property
    def end(self) -> tuple[int, ...]:
        """Index just beyond the box's last voxel in the whole grid."""
        return tuple(int(end) for end in np.add(self.start, self.voxels.shape))

    @property
    def touches_border(self) -> bool:
        """True if a voxel lies in an outermost slice, row or column."""
        return self.n_voxels > 0 and (0 in self.start or self._ends_at_border)

    @property
    def only_slice(self) -> int | None:
        """Index of the slice that holds all voxels; None if there is no such one."""
        return self.start[0] if self.voxels.shape[0] == 1 else None

    @cached_property
    def n_components(self) -> int:
        """Parts that share not even a corner of a voxel."""
        corners = np.ones((3,) * self.voxels.ndim, int)
        return (
            int(ndimage.label(self.voxels, structure=corners)[1])
            if self.n_voxels
            else 0
        )

    @cached_property
    def centroid_mm(self) -> np.ndarray:
        """Mean of the voxel centres along the array axes, in mm; NaN if empty."""
        axes = range(self.voxels.ndim)
        sums = [
            self.voxels.sum(axis=tuple(other for other in axes if other != axis))
            for axis in axes
        ]
        if not self.n_voxels:
            return np.full(len(sums), np.nan)
        means = [part @ np.arange(len(part)) / self.n_voxels for part in sums]
        return (np.array(means) + self.start) * self.spacing_mm

    def in_plane(self) -> "Segmentation":
        """The segmentation of its only slice, as a mask of rows and columns."""
        return Segmentation(
            self.voxels[0], self.start[1:], self.spacing_mm[1:], self.grid_shape[1:]
        )

    @property
    def _ends_at_border(self) -> bool:
        return any(a == b for a, b in zip(self.end, self.grid_shape, strict=True))


def crop(mask: np.ndarray, spacing_mm: Sequence[float]) -> Segmentation:
    """Cut a mask to the smallest box that holds all of its voxels.

    Parameters
    ----------
    mask : ndarray of bool, shape (k, j, i)
        May be empty.
    spacing_mm : sequence of float, length 3
        Distance of the voxel centres along each array axis, in mm.

    Returns
    -------
    Segmentation
        A copy; the whole array is not kept alive.
    """
    start, grid_shape = [], mask.shape
    for axis in range(mask.ndim):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        filled = np.flatnonzero(mask.any(axis=others))
        first, end = (filled[0], filled[-1] + 1) if filled.size else (0, 0)
        mask = mask[(slice(None),) * axis + (slice(first, end),)]
        start.append(int(first))
    spacing = tuple(map(float, spacing_mm))
    return Segmentation(mask.copy(), tuple(start), spacing, grid_shape)


def overlap(first: Segmentation, second: Segmentation) -> dict[str, float | str]:
    """Dice, Jaccard, volumes, centroids and components of two masks on one grid.

    Returns
    -------
    dict
        `status` (ok, both_empty or one_empty); `dice` [1]_ and `jaccard` in [0, 1];
        `volume_mm3`, `volume_b_mm3`; `volume_difference` = 2 (b - a) / (a + b) in
        [-2, 2] and `volume_difference_ml` = b - a; `centroid_distance_mm`;
        `n_components`, `n_components_b`. If both masks are empty, Dice, Jaccard and
        the relative difference are NaN; if one is, Dice and Jaccard are 0. The
        distance of the centroids is NaN if any mask is empty.

    References
    ----------
    .. [1] Dice, L. R. (1945). "Measures of the amount of ecologic association
           between species". Ecology, 26, 297-302. https://doi.org/10.2307/1932409
    """
    n_first, n_second = first.n_voxels, second.n_voxels
    total, common = n_first + n_second, n_common(first, second)
    status = "ok" if n_first and n_second else "one_empty" if total else "both_empty"
    volumes = {"volume_mm3": first.volume_mm3, "volume_b_mm3": second.volume_mm3}
    between_mm = np.linalg.norm(first.centroid_mm - second.centroid_mm)
    return {
        "status": status,
        "dice": _share(2 * common, total),
        "jaccard": _share(common, total - common),
        **volumes,
        "volume_difference": _share(2 * (n_second - n_first), total),
        "volume_difference_ml": (second.volume_mm3 - first.volume_mm3) / _MM3_PER_ML,
        "centroid_distance_mm": float(between_mm),
        "n_components": first.n_components,
        "n_components_b": second.n_components,
    }


def against(mask: Segmentation, reference: Segmentation) -> dict[str, float]:
    """Sensitivity and precision of a mask, voxel by voxel, if another is the truth.

    Returns
    -------
    dict
        `sensitivity`, the share of the reference that the mask holds, and
        `precision`, the share of the mask that lies in the reference; NaN where
        the share is one of an empty mask.
    """
    common = n_common(mask, reference)
    return {
        "sensitivity": _share(common, reference.n_voxels),
        "precision": _share(common, mask.n_voxels),
    }


def n_common(first: Segmentation, second: Segmentation) -> int:
    """Number of voxels that lie in both masks."""
    begin = np.maximum(first.start, second.start)
    end = np.minimum(first.end, second.end)
    if (begin >= end).any():
        return 0
    parts = [
        segmentation.voxels[
            tuple(map(slice, begin - segmentation.start, end - segmentation.start))
        ]
        for segmentation in (first, second)
    ]
    return int(np.count_nonzero(parts[0] & parts[1]))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
