"""The noise of an image: how much there is, and more of it."""

import math

import numpy as np
from scipy import ndimage

#: Median of the absolute value of a standard normal variable.
_MEDIAN_ABSOLUTE = 0.6744897501960817

_ROOT = math.sqrt(7)
_COIFLET = np.array(
    [1 - _ROOT, 5 + _ROOT, 14 + 2 * _ROOT, 14 - 2 * _ROOT, 1 - _ROOT, _ROOT - 3]
) / (16 * math.sqrt(2))

#: High-pass filter of the coiflet of order 1; its squares sum to 1.
_HIGH_PASS = _COIFLET[::-1] * (-1.0) ** np.arange(6)


def estimate_noise(image: np.ndarray) -> float:
    """SD of the noise of an image, in its unit, from its finest diagonal details.

    The median absolute response to the high-pass filter of the coiflet of order 1
    along rows and columns, over 0.6745; responses of exactly 0, as in a background
    filled with one value, are left out. Noise that is correlated from voxel to voxel,
    as after a smooth kernel, is estimated too low.

    References
    ----------
    Chang SG, Yu B, Vetterli M. IEEE Trans Image Process 2000;9:1532.
    doi:10.1109/83.862633
    """
    details = np.asarray(image, np.float64)
    for axis in (1, 2):
        details = ndimage.convolve1d(details, _HIGH_PASS, axis=axis, mode="mirror")
    sizes = np.abs(details)
    sizes = sizes[sizes > 1e-12 * np.abs(image).max(initial=0)]
    return float(np.median(sizes)) / _MEDIAN_ABSOLUTE if sizes.size else 0.0


def add_noise(
    image: np.ndarray,
    random: np.random.Generator,
    *,
    scale: float = 1.0,
    sd: float | None = None,
) -> np.ndarray:
    """The image with Gaussian noise of `scale` times the SD of its own noise.

    `sd` replaces the estimate, in the unit of the image.
    """
    own = estimate_noise(image) if sd is None else sd
    return image + scale * own * random.standard_normal(image.shape)
