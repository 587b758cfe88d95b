"""Contour redrawn at random along the supervoxels of the image."""

import math

import numpy as np
from scipy import ndimage

from ..preparation.regions import Spacing, surroundings
from ..settings.perturbations import PerturbationSection

#: Image around the region that supervoxels are made of, in mm.
CONTOUR_MARGIN_MM = 10.0

#: A supervoxel with at least this share in the region stays, with less than the
#: other is left out; in between its share is the probability that it stays.
ALWAYS, NEVER = 0.9, 0.2

#: Supervoxels that a region is at least made of, and voxels of each: with fewer
#: pieces a small region is always redrawn in the same way, and too large.
MIN_PIECES, MIN_SUPERVOXEL = 50, 8


def randomize_contour(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: Spacing,
    random: np.random.Generator,
    *,
    supervoxel_mm3: float = PerturbationSection().supervoxel_mm3,
) -> np.ndarray:
    """The mask made anew of supervoxels of the image, those at its edge by lot.

    Simple linear iterative clustering cuts the surroundings into supervoxels. One
    that lies to 90 % or more in the mask stays, one with less than 20 % does not, and
    one in between stays with its share as probability; the one with the highest share
    always stays. Gaps of a voxel are closed. The supervoxels hold `supervoxel_mm3` on
    average, less in a region of under 50 such volumes, but at least 8 voxels.

    References
    ----------
    Achanta R et al. IEEE Trans Pattern Anal Mach Intell 2012;34:2274.
    doi:10.1109/TPAMI.2012.120
    """
    box = surroundings(mask, spacing_mm, CONTOUR_MARGIN_MM)
    inside = mask[box]
    labels = _supervoxels(image[box], inside, spacing_mm, supervoxel_mm3)
    sizes = np.bincount(labels.ravel())
    shares = np.bincount(labels[inside], minlength=sizes.size) / np.maximum(sizes, 1)
    lots = random.random(sizes.size)
    stays = (shares >= ALWAYS) | ((shares >= NEVER) & (lots < shares))
    stays[np.argmax(shares)] = True
    grown = ndimage.binary_dilation(stays[labels])
    changed = np.zeros(mask.shape, bool)
    changed[box] = ndimage.binary_erosion(grown, border_value=1)
    return changed


def _supervoxels(
    image: np.ndarray, mask: np.ndarray, spacing_mm: Spacing, volume_mm3: float
) -> np.ndarray:
    """Labels from 1; intensities count within 3 SD of the mean of the mask."""
    from skimage.segmentation import slic

    mean, sd = image[mask].mean(), image[mask].std() or 1.0
    scaled = (np.clip(image, mean - 3 * sd, mean + 3 * sd) - mean) / (6 * sd) + 0.5
    voxels = volume_mm3 / math.prod(spacing_mm)
    voxels = max(min(voxels, np.count_nonzero(mask) / MIN_PIECES), MIN_SUPERVOXEL)
    return slic(
        scaled,
        n_segments=max(round(mask.size / voxels), 2),
        sigma=min(spacing_mm),
        spacing=spacing_mm,
        compactness=0.05,
        channel_axis=None,
        start_label=1,
    )
