"""Region ready to be measured: range and outliers left out, intensities in bins."""

from dataclasses import dataclass

import numpy as np

from ..errors import UnusableRegion
from ..recipe.recipe import Recipe
from .discretization import discretized
from .grid import Resampled


@dataclass(frozen=True)
class Region:
    """A region ready to be measured; all arrays share one grid, axes (k, j, i).

    The grid is a box around the region with room for the local intensity sphere.
    """

    image: np.ndarray  # float64, in the unit of the recipe
    mask: np.ndarray  # bool, morphological mask
    intensity_mask: np.ndarray  # bool, the mask without voxels out of range
    levels: np.ndarray  # int32, bin numbers from 1; 0 outside the intensity mask
    n_levels: int  # bins of the discretization: highest occupied (FBS) or all (FBN)
    spacing_mm: tuple[float, float, float]  # along (k, j, i)


def resegmented(found: Resampled, recipe: Recipe) -> Region:
    """Leave out what is out of range, then discretize; errors of `prepared`."""
    values, inside = found.image, found.mask
    _require_voxels(inside, recipe.min_voxels, "after resampling")
    in_range = inside & _within(values, *recipe.intensity_range)
    _require_voxels(in_range, recipe.min_voxels, "within the intensity range")
    if recipe.outlier_sd is not None:
        in_range &= _near_mean(values, inside, recipe.outlier_sd)
        _require_voxels(in_range, recipe.min_voxels, "without the outliers")
    levels, n_levels = discretized(values, in_range, recipe.discretization)
    return Region(values, inside, in_range, levels, n_levels, found.spacing_mm)


def _within(values: np.ndarray, low: float | None, high: float | None) -> np.ndarray:
    within = np.ones(values.shape, bool)
    if low is not None:
        within &= values >= low
    if high is not None:
        within &= values <= high
    return within


def _near_mean(values: np.ndarray, mask: np.ndarray, limit_sd: float) -> np.ndarray:
    """Voxels with values within some SD of the mean of those in the mask."""
    inside = values[mask]
    return np.abs(values - inside.mean()) <= limit_sd * inside.std()


def _require_voxels(mask: np.ndarray, least: int, when: str) -> None:
    count = np.count_nonzero(mask)
    if count < max(least, 1):
        raise UnusableRegion(
            "too_small",
            f"{count} voxels {when}, expected at least {least} (min_voxels); check "
            "the segmentation, the spacing and the intensity range",
        )
