"""One outline that stands for several readers."""

from collections.abc import Collection

import numpy as np

from .group import votes
from .overlap import Outline, crop

#: Voxels around the outlines that STAPLE sees. Its specificity, and so its result,
#: depends on how much background there is: with one loose reader of five, a margin of
#: 1 gives another outline than one of 5, which gives the same as one of 30. A fixed
#: margin makes that a property of the outlines and not of the image.
STAPLE_MARGIN = 5

#: Rounds of STAPLE; it converges in some ten.
_ROUNDS = 100


def consensus(outlines: Collection[Outline], method: str) -> Outline:
    """The consensus of three or more outlines on one grid.

    Parameters
    ----------
    outlines : collection of Outline
    method : {"majority", "staple"}
        Voxels that more than half of the readers drew, so that a tie is outside; or
        those that belong to the region with a probability of one half or more
        according to STAPLE [1]_, which weighs readers by how well they fit all
        others.

    Returns
    -------
    Outline
        Empty if there is no such voxel.

    References
    ----------
    .. [1] Warfield, S. K., Zou, K. H., Wells, W. M. (2004). "Simultaneous truth and
           performance level estimation (STAPLE)". IEEE Transactions on Medical
           Imaging, 23, 903-921. https://doi.org/10.1109/TMI.2004.828354
    """
    drawn, start = votes(outlines)
    if method == "staple" and drawn.any():
        inside = _staple(outlines, drawn.shape, start)
    else:
        inside = 2 * drawn.astype(int) > len(outlines)
    one = next(iter(outlines))
    found = crop(inside, one.spacing_mm)
    begin = tuple(int(index) for index in np.add(found.start, start))
    return Outline(found.voxels, begin, one.spacing_mm, one.grid_shape)


def _staple(
    outlines: Collection[Outline], shape: tuple[int, ...], start: tuple[int, ...]
) -> np.ndarray:
    """Voxels of the box around all outlines that STAPLE holds for the region."""
    import SimpleITK as sitk

    images = []
    for outline in outlines:
        drawn = np.zeros(shape, np.uint8)
        begin, end = np.subtract(outline.start, start), np.subtract(outline.end, start)
        if outline.n_voxels:
            drawn[tuple(map(slice, begin, end))] = outline.voxels
        images.append(sitk.GetImageFromArray(np.pad(drawn, STAPLE_MARGIN)))
    staple = sitk.STAPLEImageFilter()
    staple.SetNumberOfThreads(1)
    staple.SetForegroundValue(1)
    staple.SetMaximumIterations(_ROUNDS)
    probability = staple.Execute(images)
    inner = (slice(STAPLE_MARGIN, -STAPLE_MARGIN),) * len(shape)
    return sitk.GetArrayViewFromImage(probability)[inner] >= 0.5
