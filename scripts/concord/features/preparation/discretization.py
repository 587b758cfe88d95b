"""Intensities as bins of fixed size or of a fixed number."""

import numpy as np

from ..errors import UnusableRegion
from ..recipe.recipe import Histogram

#: More grey levels than this are a recipe in the wrong unit.
MAX_LEVELS = 4096


def discretized(
    values: np.ndarray, mask: np.ndarray, histogram: Histogram
) -> tuple[np.ndarray, int]:
    """Bin numbers (int32, from 1; 0 outside the mask) and the number of bins.

    FBS: ``floor((x - start) / width) + 1``, values below the start in bin 1; without
    a start, the multiple of the width at or below the minimum is taken. FBN:
    ``floor(n (x - min) / (max - min)) + 1``, the maximum in bin n. A region of one
    value has bin 1 of 1 bin under FBN.

    Raises
    ------
    UnusableRegion
        If there are more than 4096 bins.
    """
    binned = _of_fixed_size if histogram.method == "FBS" else _of_fixed_number
    bins, number = binned(values[mask], histogram)
    if number > MAX_LEVELS:
        raise UnusableRegion(
            "grey_levels",
            f"the discretization gives {number} grey levels, at most {MAX_LEVELS} are "
            "sensible; is the bin width in the unit of the image?",
        )
    levels = np.zeros(values.shape, np.int32)
    levels[mask] = bins
    return levels, number


def _of_fixed_size(inside: np.ndarray, histogram: Histogram) -> tuple[np.ndarray, int]:
    """Bins of a width from a start, and the highest occupied one."""
    width = float(histogram.width or 1)
    start = histogram.start
    if start is None:
        start = np.floor(inside.min() / width) * width
    bins = np.maximum(np.floor((inside - start) / width) + 1, 1)
    return bins, int(bins.max())


def _of_fixed_number(
    inside: np.ndarray, histogram: Histogram
) -> tuple[np.ndarray, int]:
    """Equal bins over the range of the region, and how many there are."""
    lowest, highest = inside.min(), inside.max()
    number = int(histogram.n_bins or 0) if highest > lowest else 1
    scale = highest - lowest or 1.0
    bins = np.floor(number * (inside - lowest) / scale) + 1
    return np.minimum(bins, number), number
