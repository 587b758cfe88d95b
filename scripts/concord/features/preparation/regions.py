"""Regions made of other regions by distances in mm: rims, cores and shells."""

import math
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import numpy as np
from scipy import ndimage

from ...errors import ConfigError, GridMismatchError
from ..errors import UnusableRegion
from ..settings.regions import RegionSection
from .grid import Slices

#: A voxel at a given distance must not depend on the last digits of the spacing.
ROUNDING_MM = 1e-6

Masks = Mapping[str, np.ndarray]
Regions = Mapping[str, RegionSection]
Spacing = tuple[float, float, float]


def in_order(regions: Regions) -> list[str]:
    """Names of derived regions, each after those that it is made of."""
    needs = {name: _needed(regions[name]) for name in regions}
    try:
        ordered = [*TopologicalSorter(needs).static_order()]
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ConfigError(
            f"regions: {circle} are made of each other. Name a segmented region at "
            "one of them."
        ) from error
    return [name for name in ordered if name in regions]


def derive(
    masks: Masks,
    image: np.ndarray,
    spacing_mm: Spacing,
    section: RegionSection,
    *,
    image_name: str,
) -> np.ndarray:
    """One region made of others, on their grid.

    With d the distance of a voxel centre to the surface of the union of the regions
    `of` (negative inside), a `shell` holds ``-inner_mm <= d <= outer_mm``, a `core`
    ``d < -inner_mm``, an `inner_rim` ``-inner_mm <= d < 0``, and `grown` all of
    ``d <= outer_mm``. `union` is that of the regions, `difference` the first without
    the others. Then voxels out of the intensity range of the image and voxels of
    the regions `exclude` are left out.

    Parameters
    ----------
    masks : mapping of str to ndarray of bool, shape (k, j, i)
        The regions that are known, segmented or derived.
    image : ndarray of shape (k, j, i)
        The image, in the unit of the intensity ranges.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    section : RegionSection
        What the region is made of.
    image_name : str
        Name of the image, which picks the intensity range.

    Raises
    ------
    UnusableRegion
        If a region it is made of is missing or empty, or no voxel remains.
    GridMismatchError
        If a mask has another shape than the image.
    """
    sources = [_mask_of(masks, name, image.shape) for name in section.of]
    made = _made(sources, spacing_mm, section)
    for name in section.exclude:
        made &= ~_mask_of(masks, name, image.shape, may_be_empty=True)
    within = _limited(made, image, section.intensity_range.get(image_name))
    if not within.any():
        raise UnusableRegion(
            "empty_region",
            f"the {section.kind} of {' and '.join(section.of)} holds no voxel: "
            f"{np.count_nonzero(made)} by distance, 0 within the intensity range; "
            "check inner_mm, outer_mm, exclude and intensity_range",
        )
    return within


def signed_distance_mm(mask: np.ndarray, spacing_mm: Spacing) -> np.ndarray:
    """Distance in mm of every voxel centre to the surface, negative in the mask.

    The surface runs half-way between the centres of neighbouring voxels on either
    side. The exact distance to the nearest centre on the other side is therefore
    shortened by half the distance between lattice planes across its direction u,
    ``0.5 / (|u_k| / s_k + |u_j| / s_j + |u_i| / s_i)``: half a spacing along an axis,
    less on a diagonal. On balls the bias is below 0.1 voxels. The edge of the image
    is no surface; a mask without any voxel outside is at minus infinity everywhere,
    an empty one at infinity.

    Parameters
    ----------
    mask : ndarray of bool, shape (k, j, i)
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    """
    if mask.all() or not mask.any():
        return np.full(mask.shape, -np.inf if mask.any() else np.inf)
    distance = np.empty(mask.shape)
    for side, sign in ((~mask, 1.0), (mask, -1.0)):
        centres, nearest = ndimage.distance_transform_edt(
            side, sampling=spacing_mm, return_indices=True
        )
        places = np.nonzero(side)
        steps = np.abs(nearest[(slice(None), *places)] - np.array(places))
        length = centres[places]
        # steps / length is |u| / s along each axis
        distance[places] = sign * (length - 0.5 * length / steps.sum(axis=0))
    return distance


def surroundings(mask: np.ndarray, spacing_mm: Spacing, margin_mm: float) -> Slices:
    """The box around a mask, widened by a margin in mm and a voxel."""
    parts = []
    for axis, size in enumerate(mask.shape):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        occupied = np.flatnonzero(mask.any(axis=others))
        margin = math.ceil(margin_mm / spacing_mm[axis]) + 1
        first, last = int(occupied[0]) - margin, int(occupied[-1]) + margin
        parts.append(slice(max(first, 0), min(last + 1, size)))
    return tuple(parts)


def _needed(section: RegionSection) -> list[str]:
    return [*section.of, *section.exclude]


def _mask_of(
    masks: Masks, name: str, shape: tuple[int, ...], *, may_be_empty: bool = False
) -> np.ndarray:
    """A mask by its name."""
    if name not in masks:
        raise UnusableRegion(
            "missing_region", f"the region {name} was not segmented; segment it"
        )
    if masks[name].shape != shape:
        raise GridMismatchError(
            f"region {name}: the mask has the shape {masks[name].shape}, the image "
            f"{shape}. Resample one of them onto the other's grid."
        )
    if not (may_be_empty or masks[name].any()):
        raise UnusableRegion(
            "empty_mask", f"the region {name} holds no voxel; segment it again"
        )
    return masks[name].astype(bool)


def _made(
    sources: list[np.ndarray], spacing_mm: Spacing, section: RegionSection
) -> np.ndarray:
    """The region by kind, a new array."""
    if section.kind == "difference":
        return sources[0] & ~np.logical_or.reduce(sources[1:])
    whole = np.logical_or.reduce(sources)
    if section.kind == "union":
        return whole
    box = surroundings(whole, spacing_mm, section.outer_mm)
    made = np.zeros(whole.shape, bool)
    made[box] = _band(signed_distance_mm(whole[box], spacing_mm), section)
    return made


def _band(distance: np.ndarray, section: RegionSection) -> np.ndarray:
    """Voxels at the distances of a kind."""
    deep = distance < -section.inner_mm - ROUNDING_MM
    near = distance <= section.outer_mm + ROUNDING_MM
    kind = section.kind
    if kind == "core":
        return deep
    if kind == "inner_rim":
        return ~deep & (distance < 0)
    return near if kind == "grown" else near & ~deep


def _limited(
    mask: np.ndarray, image: np.ndarray, limits: tuple[float | None, ...] | None
) -> np.ndarray:
    """A mask without voxels out of an intensity range or without a value."""
    low, high = limits or (None, None)
    if low is None and high is None:
        return mask
    values = image[mask]
    within = np.ones(values.shape, bool)
    if low is not None:
        within &= values >= low
    if high is not None:
        within &= values <= high
    kept = np.zeros(mask.shape, bool)
    kept[mask] = within
    return kept
