"""Intensities on a common scale, scan by scan, before resampling.

Every function gives float64 and takes nothing from other scans, so that no subject of
the evaluation set can have a part in it.
"""

from typing import Any

import numpy as np

from ..errors import UnusableRegion
from ..recipe.normalization import Normalization
from ..settings.normalization import NormalizationSection

#: Bins of the histogram that Otsu's threshold is looked for in.
OTSU_BINS = 256

#: Fewer voxels than this do not set a scale.
MIN_REFERENCE_VOXELS = 20

Spacing = tuple[float, float, float]

_DEFAULTS = NormalizationSection()


def normalize(
    image: np.ndarray,
    mask: np.ndarray,
    spacing_mm: Spacing,
    wanted: Normalization,
    *,
    reference: np.ndarray | None = None,
) -> np.ndarray:
    """The image on the scale that a recipe asks for.

    Parameters
    ----------
    image, mask : ndarray of shape (k, j, i)
        Whole image, and the region as bool.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    wanted : Normalization
        What to do.
    reference : ndarray of bool, optional
        The region `reference_region`; needed if it sets the scale.

    Raises
    ------
    UnusableRegion
        If the voxels that set the scale are missing, too few or all equal.
    """
    if wanted.bias_field == "n4":
        image = n4_corrected(
            image,
            spacing_mm,
            shrink_factor=wanted.n4_shrink_factor,
            iterations=wanted.n4_iterations,
            convergence=wanted.n4_convergence,
        )
    if wanted.method == "none":
        return image.astype(np.float64)
    scale_mask = _scale_mask(image, mask, wanted.scale_from, reference)
    if wanted.method == "zscore":
        return standardized(image, scale_mask)
    low, high = wanted.percentiles
    return percentile_scaled(image, scale_mask, low=low, high=high)


def standardized(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The image with mean 0 and SD 1 within a mask: of the region or of a reference.

    The SD is that of the population of voxels.

    References
    ----------
    Carre A et al. Sci Rep 2020;10:12340. doi:10.1038/s41598-020-69298-z
    """
    inside = _inside(image, mask)
    return (image.astype(np.float64) - inside.mean()) / _positive(inside.std(), inside)


def percentile_scaled(
    image: np.ndarray, mask: np.ndarray, *, low: float, high: float
) -> np.ndarray:
    """The image with two percentiles of a mask at 0 and 1, nothing cut off.

    Percentiles are interpolated linearly between ordered voxels.

    References
    ----------
    Nyul LG, Udupa JK. Magn Reson Med 1999;42:1072.
    doi:10.1002/(SICI)1522-2594(199912)42:6<1072::AID-MRM11>3.0.CO;2-M
    """
    inside = _inside(image, mask)
    bottom, top = np.percentile(inside, [low, high])
    return (image.astype(np.float64) - bottom) / _positive(top - bottom, inside)


def foreground(image: np.ndarray) -> np.ndarray:
    """The voxels above Otsu's threshold: the body in an MR image.

    The threshold is the edge of 256 equal bins that splits the histogram with the
    greatest variance between the two parts; an image of one value has no foreground.

    References
    ----------
    Otsu N. IEEE Trans Syst Man Cybern 1979;9:62. doi:10.1109/TSMC.1979.4310076
    """
    finite = np.isfinite(image)
    counts, edges = np.histogram(image[finite], OTSU_BINS)
    centres = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()[:-1].astype(float)
    above = counts.sum() - below
    sums = (counts * centres).cumsum()
    split = (below > 0) & (above > 0)
    if not split.any():
        return np.zeros(image.shape, bool)
    between = np.zeros(OTSU_BINS - 1)
    difference = sums[:-1][split] / below[split] - (
        (sums[-1] - sums[:-1][split]) / above[split]
    )
    between[split] = below[split] * above[split] * difference**2
    return finite & (image >= edges[1:-1][between.argmax()])


def n4_corrected(
    image: np.ndarray,
    spacing_mm: Spacing,
    *,
    mask: np.ndarray | None = None,
    shrink_factor: int = _DEFAULTS.n4_shrink_factor,
    iterations: tuple[int, ...] = tuple(_DEFAULTS.n4_iterations),
    convergence: float = _DEFAULTS.n4_convergence,
) -> np.ndarray:
    """The image divided by its bias field, a smooth factor of the receive coils.

    The field is estimated on one thread, on voxels taken every `shrink_factor` along
    each axis (fewer where an axis is short), and is evaluated on the full grid. Its
    mean over the mask is 1, so that the level of the image stays.

    Parameters
    ----------
    image : ndarray of shape (k, j, i)
        MR image; values below 0 in the mask do not count.
    spacing_mm : tuple of float
        Voxel spacing along (k, j, i).
    mask : ndarray of bool, optional
        Where the field is estimated; by default `foreground`.
    shrink_factor : int
    iterations : tuple of int
        Largest number of iterations per level of the spline grid, which doubles.
    convergence : float
        Coefficient of variation of a change of the field at which a level ends.

    References
    ----------
    Tustison NJ et al. IEEE Trans Med Imaging 2010;29:1310. doi:10.1109/TMI.2010.2046908
    """
    import SimpleITK as sitk

    inside = _body(image, mask)
    picture = _picture(image.astype(np.float32), spacing_mm)
    factors = [min(shrink_factor, max(n // 4, 1)) for n in image.shape[::-1]]
    corrector = sitk.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([int(n) for n in iterations])
    corrector.SetConvergenceThreshold(convergence)
    corrector.SetNumberOfThreads(1)
    corrector.SetNumberOfWorkUnits(1)
    corrector.Execute(
        sitk.Shrink(picture, factors),
        sitk.Shrink(_picture(inside.astype(np.uint8), spacing_mm), factors),
    )
    field = sitk.GetArrayFromImage(corrector.GetLogBiasFieldAsImage(picture))
    field = np.exp(field.astype(np.float64))
    return image / (field / field[inside].mean())


def _picture(array: np.ndarray, spacing_mm: Spacing) -> Any:
    """An array as an image of SimpleITK."""
    import SimpleITK as sitk

    picture = sitk.GetImageFromArray(np.ascontiguousarray(array))
    picture.SetSpacing([float(value) for value in spacing_mm[::-1]])
    return picture


def _body(image: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """Voxels that a bias field can be estimated on."""
    inside = (foreground(image) if mask is None else mask) & (image > 0)
    if not np.isfinite(image).all():
        raise UnusableRegion(
            "not_finite",
            f"{np.count_nonzero(~np.isfinite(image))} voxels of the image are not "
            "finite, so no bias field can be estimated; repair the image",
        )
    if not inside.any():
        raise UnusableRegion(
            "no_foreground",
            "the image has no voxels above 0 in its foreground, so no bias field can "
            "be estimated; use bias_field: none or check the image",
        )
    return inside


def _scale_mask(
    image: np.ndarray, mask: np.ndarray, name: str, reference: np.ndarray | None
) -> np.ndarray:
    """The voxels that set the scale."""
    if name == "region":
        return mask
    if name == "foreground":
        return foreground(image)
    if name == "image":
        return np.ones(image.shape, bool)
    if reference is None:
        raise UnusableRegion(
            "missing_reference",
            "the reference region that sets the scale was not segmented in this image; "
            "segment it or use scale_from: region",
        )
    return reference


def _inside(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The values that set a scale, checked."""
    inside = image[mask].astype(np.float64)
    if inside.size < MIN_REFERENCE_VOXELS:
        raise UnusableRegion(
            "small_reference",
            f"{inside.size} voxels set the scale of the image, expected at least "
            f"{MIN_REFERENCE_VOXELS}; check the segmentation or use method: none",
        )
    unknown = np.count_nonzero(~np.isfinite(inside))
    if unknown:
        raise UnusableRegion(
            "not_finite",
            f"{unknown} voxels that set the scale are not finite; repair the image",
        )
    return inside


def _positive(scale: float, inside: np.ndarray) -> float:
    """A scale that can be divided by."""
    if not scale > 0:
        raise UnusableRegion(
            "one_grey_level",
            f"the {inside.size} voxels that set the scale have no spread around "
            f"{np.median(inside):g}, so they set no scale; use method: none or check "
            "the image",
        )
    return scale
