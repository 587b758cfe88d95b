"""Image and segmentation on the grid of a recipe, in a box around the region."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ..errors import UnusableRegion, empty_mask
from ..recipe.recipe import Recipe
from .interpolation import interpolated
from .margins import margin_voxels

#: Radius in mm of the sphere of 1 cm3 that local intensity reads around a voxel.
PEAK_RADIUS_MM = (3000 / (4 * math.pi)) ** (1 / 3)

#: Voxels around a region after which a cubic spline has forgotten what lies beyond
#: (its filter decays by 0.27 per voxel).
SPLINE_MARGIN = 16

#: Standard deviations after which the anti-alias filter is cut off.
GAUSSIAN_REACH = 4.0

#: Memory that preparation and computation take per voxel of the box: image and its
#: turned copy (float64), masks, levels and what interpolation holds.
BYTES_PER_VOXEL = 28

_ORDERS = {"nearest": 0, "linear": 1, "cubic": 3}

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Resampled:
    """Image and region on the grid of a recipe, nothing binned; axes (k, j, i)."""

    image: np.ndarray  # float64, in the unit of the recipe
    mask: np.ndarray  # bool
    spacing_mm: tuple[float, float, float]  # along (k, j, i)

    def box(self) -> Slices:
        """The region with room for the local intensity sphere; all if it is empty."""
        if not self.mask.any():
            return tuple(slice(0, length) for length in self.mask.shape)
        parts = []
        for part, spacing, length in zip(
            tight_box(self.mask), self.spacing_mm, self.mask.shape, strict=True
        ):
            room = math.ceil(PEAK_RADIUS_MM / spacing) + 1
            parts.append(
                slice(max(part.start - room, 0), min(part.stop + room, length))
            )
        return tuple(parts)

    def cut(self, box: Slices) -> "Resampled":
        """The part within a box."""
        return Resampled(self.image[box], self.mask[box], self.spacing_mm)


def resampled(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: tuple[float, float, float],
    recipe: Recipe,
) -> Resampled:
    """Resample and round a normalized image; depends on `recipe.grid` alone.

    Parameters are those of `prepared.prepare`, errors those of `prepared`.
    """
    if not mask.any():
        raise empty_mask()
    grid = Grid(image.shape, spacing_mm, recipe, tight_box(mask))
    values = image[grid.source].astype(np.float64)
    inside = mask[grid.source]
    if not np.isfinite(values).all():
        raise UnusableRegion(
            "not_finite",
            f"{np.count_nonzero(~np.isfinite(values))} voxels in or near the region "
            "are not finite; repair the image",
        )
    values, inside = grid.resampled(values, inside)
    if recipe.round_intensities:
        values = np.rint(values)
    return Resampled(values, inside, grid.spacing_mm)


class Grid:
    """The part of the target grid around a region, and of the image it needs.

    The target grid covers the whole image and shares its centre, whatever part of
    it is computed (IBSI: align grid centres).
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        spacing_mm: tuple[float, float, float],
        recipe: Recipe,
        box: Slices,
    ) -> None:
        self.recipe = recipe
        self.spacing_mm = _target_spacing(recipe.resample_spacing_mm, spacing_mm)
        old, new = np.asarray(spacing_mm), np.asarray(self.spacing_mm)
        self.scale = new / old
        # Rounded, because an image read from a file has a spacing in float32: a
        # surplus of 1e-6 voxels must not add a plane and shift the grid by a half.
        counts = np.ceil(np.round(np.asarray(shape) / self.scale, 3)).astype(int)
        middle = (np.asarray(shape) - 1) / 2
        self.origin = middle - self.scale * (counts - 1) / 2
        self.identity = bool(np.allclose(self.scale, 1, rtol=0, atol=1e-6))
        self.target = self._target_box(box, shape, counts)
        self._require_memory()
        self.source = self._source_box(shape)

    def resampled(
        self, values: np.ndarray, mask: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Image and mask on the target grid."""
        if self.identity:
            return values, mask
        if self.recipe.anti_alias:
            values = ndimage.gaussian_filter(
                values, _anti_alias_sd(self.scale), mode="nearest", truncate=4.0
            )
        share = self._interpolated(mask.astype(np.float64), order=1)
        # 1e-9: a share of exactly one half may come out a rounding error below it.
        inside = share >= self.recipe.mask_threshold - 1e-9
        order = _ORDERS[self.recipe.image_interpolator]
        return self._interpolated(values, order), inside

    def _interpolated(self, values: np.ndarray, order: int) -> np.ndarray:
        first = np.array([part.start for part in self.target])
        source = np.array([part.start for part in self.source])
        return interpolated(
            values,
            self.origin + self.scale * first - source,
            self.scale,
            tuple(part.stop - part.start for part in self.target),
            order=order,
        )

    def _require_memory(self) -> None:
        """Refuse a box that would not fit, before any memory is taken."""
        sides = [part.stop - part.start for part in self.target]
        count, most = math.prod(sides), self.recipe.max_voxels
        if count > most:
            size = " x ".join(f"{side}" for side in sides[::-1])
            spacing = " x ".join(f"{value:g}" for value in self.spacing_mm[::-1])
            raise UnusableRegion(
                "too_large",
                f"the box of the region would hold {size} = {count} voxels of "
                f"{spacing} mm (x, y, z), about {count * BYTES_PER_VOXEL / 1e9:.2g} "
                f"GB; at most {most} are allowed (max_voxels). Resample to a coarser "
                "grid, check the segmentation, or raise the limit",
            )

    def _target_box(
        self, box: Slices, shape: tuple[int, ...], counts: np.ndarray
    ) -> Slices:
        """Target voxels that the region can reach, and what is read around them."""
        parts = []
        reach = margin_voxels(self.recipe.filters, self.spacing_mm)
        if reach is None:
            return tuple(slice(0, int(count)) for count in counts)
        for axis, part in enumerate(box):
            room = math.ceil(PEAK_RADIUS_MM / self.spacing_mm[axis]) + 1
            margin = max(room, reach[axis])
            ends = np.array([part.start - 1, part.stop])
            low, high = (ends - self.origin[axis]) / self.scale[axis]
            low = 0 if part.start == 0 else math.floor(low)
            high = counts[axis] if part.stop == shape[axis] else math.ceil(high) + 1
            parts.append(
                slice(max(low - margin, 0), min(int(high) + margin, int(counts[axis])))
            )
        return tuple(parts)

    def _source_box(self, shape: tuple[int, ...]) -> Slices:
        """Image voxels that the target box depends on."""
        if self.identity:
            return self.target
        smoothing = (
            _anti_alias_sd(self.scale) if self.recipe.anti_alias else np.zeros(3)
        )
        parts = []
        for axis, part in enumerate(self.target):
            margin = SPLINE_MARGIN + math.ceil(GAUSSIAN_REACH * smoothing[axis])
            ends = np.array([part.start, part.stop - 1])
            low, high = self.origin[axis] + self.scale[axis] * ends
            first = max(math.floor(low) - margin, 0)
            parts.append(slice(first, min(math.ceil(high) + margin + 1, shape[axis])))
        return tuple(parts)


def _target_spacing(
    wanted: tuple[float, float, float | None] | None,
    spacing_mm: tuple[float, float, float],
) -> tuple[float, float, float]:
    """Spacing along (k, j, i) of the target grid; slices stay where z is None."""
    if wanted is None:
        return spacing_mm
    x, y, z = wanted
    return (spacing_mm[0] if z is None else z, y, x)


def _anti_alias_sd(scale: np.ndarray) -> np.ndarray:
    """SD in voxels of the Gaussian that widens a voxel to the coarser one.

    References
    ----------
    Cardoso MJ et al. MICCAI 2015, LNCS 9350:675. doi:10.1007/978-3-319-24571-3_81
    """
    return np.sqrt(np.maximum(scale**2 - 1, 0) / (8 * math.log(2)))


def tight_box(mask: np.ndarray) -> Slices:
    """The tight box around the voxels of a mask."""
    parts = []
    for axis in range(mask.ndim):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        occupied = np.flatnonzero(mask.any(axis=others))
        parts.append(slice(int(occupied[0]), int(occupied[-1]) + 1))
    return tuple(parts)
