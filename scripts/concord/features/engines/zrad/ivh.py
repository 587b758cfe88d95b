"""The axis along which the second engine counts an intensity-volume histogram."""

from dataclasses import dataclass

import numpy as np

from ...preparation.discretization import discretized
from ...preparation.resegmentation import Region
from ...recipe.recipe import Recipe

#: Features that are intensities, or differences of them.
_INTENSITIES = ("ivh_i10", "ivh_i90")
_DIFFERENCES = ("ivh_diff_i10_i90",)


@dataclass(frozen=True)
class Axis:
    """Intensities as whole steps: ``intensity = offset + width * step``.

    Whole numbers, because a sum of decimal bin widths misses the centre of a bin by a
    rounding error, and the bin is then counted on the wrong side.
    """

    steps: np.ndarray  # of all voxels of the intensity mask
    lowest: float
    highest: float
    offset: float
    width: float

    def in_unit(self, found: dict[str, float]) -> dict[str, float]:
        """Features counted in steps, in the unit of the image."""
        intensities = {k: self.offset + self.width * found[k] for k in _INTENSITIES}
        differences = {k: self.width * found[k] for k in _DIFFERENCES}
        return found | intensities | differences


def axis(region: Region, recipe: Recipe) -> Axis:
    """The axis of a region: over the intensity range, where open over what is found."""
    values = region.image[region.intensity_mask]
    histogram = recipe.ivh
    low, high = recipe.intensity_range
    if histogram.method == "steps":
        lowest = values.min() if low is None else low
        highest = values.max() if high is None else high
        return Axis(values, lowest, highest, offset=0.0, width=1.0)
    bins, number = discretized(values, np.ones(values.shape, bool), histogram)
    if histogram.width is None or histogram.start is None:
        return Axis(bins, 1.0, float(bins.max()), offset=0.0, width=1.0)
    width, start = histogram.width, histogram.start
    last = float(number) if high is None else (high - start) / width
    return Axis(bins, 1.0, last, offset=start - 0.5 * width, width=width)
