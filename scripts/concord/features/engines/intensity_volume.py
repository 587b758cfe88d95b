"""Intensity-volume histogram: the volume that has at least a given intensity.

The first engine rounds the intensity at a fraction of the range down to a bin, and
integrates over the intensity; both are computed here in its place.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..preparation.discretization import discretized
from ..recipe.recipe import Recipe

#: Slack of a whole number that was made by a division.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Axis:
    """Intensities as whole steps: ``intensity = offset + width * step``.

    Whole numbers, because a sum of decimal bin widths misses the centre of a bin by a
    rounding error, and the bin is then counted on the wrong side.
    """

    steps: np.ndarray  # of all voxels of the intensity mask
    lowest: float  # where the range begins that fractions of the intensity are of
    highest: float  # where it ends
    offset: float
    width: float

    @property
    def last(self) -> float:
        """The highest step that a voxel, or the range, has."""
        return max(self.highest, float(self.steps.max()))


def axis(values: np.ndarray, recipe: Recipe) -> Axis:
    """The axis of a region: over the intensity range, where open over what is found.

    Bins of fixed width are represented by their centres, and the range by those that
    lie within half a width of its bounds, so that the highest bin of a range without
    upper bound, which the largest intensity lies in, is not part of it.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Intensities of the intensity mask.
    recipe : Recipe
        Intensity range and bins of the histogram.
    """
    histogram = recipe.ivh
    low, high = recipe.intensity_range
    lowest = float(values.min()) if low is None else low
    highest = float(values.max()) if high is None else high
    if histogram.method == "steps":
        return Axis(values, lowest, highest, offset=0.0, width=1.0)
    bins, number = discretized(values, np.ones(values.shape, bool), histogram)
    if histogram.width is None or histogram.start is None:
        return Axis(bins, 1.0, float(number), offset=0.0, width=1.0)
    width, start = histogram.width, histogram.start
    last = math.floor((highest - start) / width + _ROUNDING)
    return Axis(bins, 1.0, float(last), offset=start - 0.5 * width, width=width)


def intensity_volume(values: np.ndarray, recipe: Recipe) -> dict[str, float]:
    """Features of the histogram by the names of the first engine.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Intensities of the intensity mask, at least one.
    recipe : Recipe
        Intensity range and bins of the histogram.

    Returns
    -------
    dict of str to float
        Volumes and the area are shares; they are NaN if the range is a single step.
        Intensities are in the unit of the image, bin numbers under a fixed number of
        bins.

    References
    ----------
    Zwanenburg A et al. Image biomarker standardisation initiative, section 3.5.
    arXiv:1612.07003
    """
    along = axis(values, recipe)
    reached = _share_that_reaches(along)
    volume = {x: _volume_at(x, reached, along) for x in (0.1, 0.9)}
    intensity = {x: _intensity_at(x, reached, along) for x in (0.1, 0.9)}
    return {
        "volume_at_intensity_fraction_0.10_BC2M_10": volume[0.1],
        "volume_at_intensity_fraction_0.90_BC2M_90": volume[0.9],
        "volume_fraction_difference_between_intensity_0.10_and_0.90_fractions_DDTU": (
            volume[0.1] - volume[0.9]
        ),
        "intensity_at_volume_fraction_0.10_GBPN_10": intensity[0.1],
        "intensity_at_volume_fraction_0.90_GBPN_90": intensity[0.9],
        "intensity_fraction_difference_between_volume_0.10_and_0.90_fractions_CNV2": (
            intensity[0.1] - intensity[0.9]
        ),
        "area_under_the_ivh_curve_9CMM": _area(reached, along),
    }


def _share_that_reaches(along: Axis) -> np.ndarray:
    """Share of the voxels at or above each step, from the lowest to the last."""
    above = np.floor(along.steps - along.lowest + _ROUNDING).astype(np.int64)
    n_steps = math.floor(along.last - along.lowest + _ROUNDING) + 1
    counts = np.bincount(np.maximum(above, 0), minlength=n_steps)
    share: np.ndarray = np.cumsum(counts[::-1])[::-1] / along.steps.size
    return share


def _volume_at(fraction: float, reached: np.ndarray, along: Axis) -> float:
    """Volume from a fraction of the range on."""
    span = along.highest - along.lowest
    if span <= 0:
        return math.nan
    return float(reached[math.ceil(fraction * span - _ROUNDING)])


def _intensity_at(fraction: float, reached: np.ndarray, along: Axis) -> float:
    """The smallest intensity that at most a fraction of the volume reaches."""
    few = np.flatnonzero(reached <= fraction + _ROUNDING)
    step = few[0] if few.size else reached.size - 1
    return float(along.offset + along.width * (along.lowest + step))


def _area(reached: np.ndarray, along: Axis) -> float:
    """Area under the volume over the fraction of the range, by trapezoids."""
    span = math.floor(along.highest - along.lowest + _ROUNDING)
    if span < 1:
        return math.nan
    return float(np.trapezoid(reached[: span + 1]) / span)
