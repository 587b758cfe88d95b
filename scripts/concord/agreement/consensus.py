"""One segmentation that stands for several readers."""

from collections.abc import Collection

import numpy as np

from .group import votes
from .overlap import Segmentation, crop

#: Voxels around the segmentations that STAPLE sees. Its specificity, and so its result,
#: depends on how much background there is: with one loose reader of five, a margin of 1
#: gives another result than one of 5, which gives the same as one of 30. A fixed margin
#: makes that a property of the segmentations and not of the image.
STAPLE_MARGIN = 5

#: Rounds of STAPLE; it converges in some ten.
_ROUNDS = 100


def consensus(segmentations: Collection[Segmentation], method: str) -> Segmentation:
    """The consensus of three or more segmentations on one grid.

    Parameters
    ----------
    segmentations : collection of Segmentation
    method : {"majority", "staple"}
        Voxels that more than half of the readers marked, so that a tie is outside; or
        those that belong to the region with a probability of one half or more
        according to STAPLE [1]_, which weighs readers by how well they fit all
        others.

    Returns
    -------
    Segmentation
        Empty if there is no such voxel.

    References
    ----------
    .. [1] Warfield, S. K., Zou, K. H., Wells, W. M. (2004). "Simultaneous truth and
           performance level estimation (STAPLE)". IEEE Transactions on Medical
           Imaging, 23, 903-921. https://doi.org/10.1109/TMI.2004.828354
    """
    drawn, start = votes(segmentations)
    if method == "staple" and drawn.any():
        inside = _staple(segmentations, drawn.shape, start)
    else:
        inside = 2 * drawn.astype(int) > len(segmentations)
    one = next(iter(segmentations))
    found = crop(inside, one.spacing_mm)
    begin = tuple(int(index) for index in np.add(found.start, start))
    return Segmentation(found.voxels, begin, one.spacing_mm, one.grid_shape)


def _staple(
    segmentations: Collection[Segmentation],
    shape: tuple[int, ...],
    start: tuple[int, ...],
) -> np.ndarray:
    """Voxels of the box around all segmentations that STAPLE holds for the region."""
    import SimpleITK as sitk

    images = []
    for segmentation in segmentations:
        drawn = np.zeros(shape, np.uint8)
        begin, end = (
            np.subtract(segmentation.start, start),
            np.subtract(segmentation.end, start),
        )
        if segmentation.n_voxels:
            drawn[tuple(map(slice, begin, end))] = segmentation.voxels
        images.append(sitk.GetImageFromArray(np.pad(drawn, STAPLE_MARGIN)))
    staple = sitk.STAPLEImageFilter()
    staple.SetNumberOfThreads(1)
    staple.SetForegroundValue(1)
    staple.SetMaximumIterations(_ROUNDS)
    probability = staple.Execute(images)
    inner = (slice(STAPLE_MARGIN, -STAPLE_MARGIN),) * len(shape)
    return sitk.GetArrayViewFromImage(probability)[inner] >= 0.5
