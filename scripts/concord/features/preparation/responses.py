"""Response maps of an image, and the regions that are measured in them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from ...errors import GridMismatchError
from ..engines.setup import require_filters
from ..errors import UnusableRegion
from ..filters.base import Filter, Spacing
from ..recipe.recipe import Histogram
from .discretization import discretized
from .resegmentation import Region


def responses(
    image: np.ndarray, spacing_mm: Spacing, filters: Iterable[Filter]
) -> Iterator[tuple[str, np.ndarray]]:
    """The response maps of an image, one at a time, by name.

    The engine works with a precision of float32: a value may be off by about 1e-7 of
    the largest one.

    Parameters
    ----------
    image : ndarray of float64, shape (k, j, i)
        Intensities, all finite.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    filters : iterable of Filter
        What to compute.

    Yields
    ------
    str, ndarray of float64, shape (k, j, i)
        Name of the response and its values, on the grid of the image.

    Raises
    ------
    StudyError
        If the spacings of the axes that a filter runs along are not equal.

    References
    ----------
    Whybra P et al. Radiology 2024;310:e231319. doi:10.1148/radiol.231319
    """
    turned = np.ascontiguousarray(image.T, dtype=np.float64)
    k, j, i = (float(value) for value in spacing_mm)
    for one in filters:
        one.require_grid(spacing_mm)
        response = one.engine_response(require_filters(), turned, (i, j, k))
        yield one.name, np.ascontiguousarray(response.T, dtype=np.float64)


def filtered_region(region: Region, response: np.ndarray, *, n_bins: int) -> Region:
    """A region with a response map in place of its image.

    Both masks stay those of the unfiltered image, so the intensity range holds for
    intensities and not for responses. Responses are not rounded, and have no unit that
    a fixed bin width could be given in: their bins are a fixed number over the range
    of the region.

    Parameters
    ----------
    region : Region
        The prepared region of the unfiltered image.
    response : ndarray of float64, shape (k, j, i)
        Response map on the grid of the region.
    n_bins : int
        Number of bins, at least 2.

    Raises
    ------
    GridMismatchError
        If the response has another shape than the region.
    UnusableRegion
        If the response is not finite within the region.
    """
    if response.shape != region.image.shape:
        raise GridMismatchError(
            f"the response map has the shape {response.shape}, expected that of the "
            f"region, {region.image.shape}; cut both to one box."
        )
    unusable = np.count_nonzero(~np.isfinite(response[region.mask]))
    if unusable:
        raise UnusableRegion(
            "not_finite",
            f"{unusable} voxels of the response map are not finite within the region; "
            "repair the image, or use a filter with a shorter reach",
        )
    bins = Histogram("FBN", n_bins=n_bins)
    levels, n_levels = discretized(response, region.intensity_mask, bins)
    return replace(region, image=response, levels=levels, n_levels=n_levels)
