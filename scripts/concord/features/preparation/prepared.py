"""The one path from a segmentation to the regions that an engine measures.

Scan and segmentation → normalized → on the grid of a recipe → out of range left out
and binned → the original image and every response map. Whoever measures, maps or
compares a region takes it from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...images import Volume
from ..errors import UnusableRegion
from ..ibsi import ORIGINAL
from ..recipe.recipe import Recipe
from .controls import shuffled_region
from .resegmentation import Region, resegmented
from .responses import filtered_region, responses
from .scan import Scan, Segmentation


@dataclass(frozen=True)
class Prepared:
    """A region in one of the images that a recipe measures it in."""

    source: str  # original, or the name of a response map
    recipe: Recipe  # as it holds for this image
    region: Region | UnusableRegion  # why it cannot be measured in a response map


def prepared(segmentation: Segmentation, recipe: Recipe) -> Iterator[Prepared]:
    """A segmentation in the original image and in every response map, in this order.

    The steps are those of the IBSI, in its order: normalize, resample, round,
    resegment, discretize; the intensity range therefore holds in the unit after
    normalization.

    Raises
    ------
    UnusableRegion
        If the region is empty, holds fewer voxels than `min_voxels` at any stage,
        not only finite values, one grey level where more are needed, more than 4096
        grey levels, or needs a box of more than `max_voxels`.
    GridMismatchError
        If a mask does not lie on the grid of the image.

    References
    ----------
    Zwanenburg A et al. Radiology 2020;295:328. doi:10.1148/radiol.2020191145
    """
    whole = segmentation.on_grid(recipe)
    box = whole.box()
    region = resegmented(whole.cut(box), recipe)
    if recipe.control == "shuffled":
        region = shuffled_region(region, segmentation.random(recipe))
    yield Prepared(ORIGINAL, recipe, region)
    for name, response in responses(whole.image, whole.spacing_mm, recipe.filters):
        made = _in_response(region, response[box], recipe)
        yield Prepared(name, recipe.of_response(), made)


def original_region(segmentation: Segmentation, recipe: Recipe) -> Region:
    """A segmentation in the original image, in the whole box that was resampled.

    Errors are those of `prepared`.
    """
    return resegmented(segmentation.on_grid(recipe), recipe)


def prepare(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: tuple[float, float, float],
    recipe: Recipe,
) -> Region:
    """The original region of arrays that belong to no study, such as a phantom.

    Parameters
    ----------
    image, mask : ndarray of shape (k, j, i)
        Whole image, and the region as bool.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    recipe : Recipe
        What to do; it may not be normalized by a reference region. Errors are those
        of `prepared`.
    """
    volume = Volume(image, spacing_mm, (0.0, 0.0, 0.0), np.eye(3))
    segmentation = Segmentation(Scan(lambda: volume), lambda: mask)
    return original_region(segmentation, recipe)


def _in_response(
    region: Region, response: np.ndarray, recipe: Recipe
) -> Region | UnusableRegion:
    try:
        return filtered_region(region, response, n_bins=recipe.response_bins)
    except UnusableRegion as error:
        return error
