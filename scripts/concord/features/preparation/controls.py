"""Negative controls: regions whose content is destroyed on purpose.

What a model still predicts from a control, it predicts from what the control keeps.
Shuffled voxels keep every first-order statistic, the volume and the shape; noise with
the mean and the SD of the region keeps these two; noise of a fixed mean and SD keeps
volume and shape alone.

- `shuffled_region` acts on the prepared region, after resampling and discretization:
  so the histogram is exactly that of the region, with the same bins.
- `shuffled` and `replaced_by_noise` act on the image, before it is resampled:
  so resampling treats the control as it treats the image. With `everywhere` no voxel
  of the surroundings blends into the edge of the region either.

References
----------
Welch ML et al. Radiother Oncol 2019;130:2. doi:10.1016/j.radonc.2018.10.027
"""

from dataclasses import replace

import numpy as np

from ...seeds import generator
from ..errors import empty_mask
from .regions import Spacing, surroundings
from .resegmentation import Region

#: Noise reaches so far beyond the region that no recipe reads what lies behind.
NOISE_MARGIN_MM = 60.0


def control_random(
    seed: int, names: tuple[str, ...], control: str
) -> np.random.Generator:
    """The random numbers of one control of one region.

    Parameters
    ----------
    seed : int
        Seed of the study.
    names : tuple of str
        Subject, session, image, region and reader.
    control : str
        Name of the control.
    """
    return generator(seed, *names, "control", control)


def shuffled_region(region: Region, random: np.random.Generator) -> Region:
    """A prepared region whose voxels have changed places within its intensity mask.

    Intensities and bin numbers move together; masks and all other voxels stay.
    """
    inside = region.intensity_mask
    order = random.permutation(np.count_nonzero(inside))
    image, levels = region.image.copy(), region.levels.copy()
    image[inside] = region.image[inside][order]
    levels[inside] = region.levels[inside][order]
    return replace(region, image=image, levels=levels)


def shuffled(
    image: np.ndarray,
    mask: np.ndarray,
    random: np.random.Generator,
    *,
    everywhere: bool = False,
) -> np.ndarray:
    """The image with the voxels of the mask, or all voxels, in random places.

    Parameters
    ----------
    image, mask : ndarray of shape (k, j, i)
    random : numpy.random.Generator
    everywhere : bool, default=False
        Shuffle all voxels of the image among each other.
    """
    chosen = _chosen(mask, everywhere)
    changed = image.copy()
    changed[chosen] = random.permutation(image[chosen])
    return changed


def replaced_by_noise(
    image: np.ndarray,
    mask: np.ndarray,
    random: np.random.Generator,
    *,
    mean: float | None = None,
    sd: float | None = None,
    everywhere: bool = False,
) -> np.ndarray:
    """The image with Gaussian noise in the mask, or everywhere.

    Parameters
    ----------
    image, mask : ndarray of shape (k, j, i)
    random : numpy.random.Generator
    mean, sd : float, optional
        Of the noise, in the unit of the image; each by default that of the mask.
        Choose them within the intensity range of the recipe, which cuts the noise.
    everywhere : bool, default=False
        Replace the surroundings too, with the same mean and SD.

    Returns
    -------
    ndarray of float32, or float64 for an image of 32 bits or more per whole number
        or of float64.

    Raises
    ------
    UnusableRegion
        If the mask is empty.
    """
    chosen = _chosen(mask, everywhere)
    inside = image[mask].astype(np.float64)
    centre = inside.mean() if mean is None else mean
    spread = inside.std() if sd is None else sd
    changed = image.astype(np.result_type(image.dtype, np.float32))
    noise = random.standard_normal(np.count_nonzero(chosen), np.float32)
    changed[chosen] = centre + spread * noise
    return changed


def noise_around(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: Spacing,
    random: np.random.Generator,
    *,
    mean: float | None = None,
    sd: float | None = None,
) -> np.ndarray:
    """The image with noise in and around the mask; parameters of `replaced_by_noise`.

    What lies beyond `NOISE_MARGIN_MM` stays, because nothing reads it.
    """
    box = surroundings(mask, spacing_mm, NOISE_MARGIN_MM)
    changed = image.astype(np.result_type(image.dtype, np.float32))
    changed[box] = replaced_by_noise(
        image[box], mask[box], random, mean=mean, sd=sd, everywhere=True
    )
    return changed


def _chosen(mask: np.ndarray, everywhere: bool) -> np.ndarray:
    """The voxels that are changed."""
    if not mask.any():
        raise empty_mask()
    return np.ones(mask.shape, bool) if everywhere else mask
