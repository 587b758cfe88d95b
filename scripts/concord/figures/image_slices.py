"""Slices of images with a segmentation on them: window, edges and scale bar."""

import numpy as np
from matplotlib.axes import Axes

_SCALE_BAR_MM = 10.0
#: Fixed windows, in HU; other modalities take percentiles of the tile.
WINDOWS = {"CT": (-160.0, 240.0)}
_PERCENTILES = (1.0, 99.0)


def window(modality: str, image: np.ndarray) -> tuple[float, float]:
    """Lowest and highest intensity that are shown."""
    if modality in WINDOWS:
        return WINDOWS[modality]
    low, high = np.percentile(image, _PERCENTILES)
    low = 0.0 if modality == "PT" else float(low)
    return low, max(float(high), low + 1e-6)


def edges(mask: np.ndarray) -> np.ndarray:
    """Sides of voxels between inside and outside, as segments.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)

    Returns
    -------
    ndarray, shape (n, 2, 2)
        Start and end of each side as (column, row); the corner of the first voxel
        is (0, 0).
    """
    padded = np.pad(mask, 1)
    rows, columns = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    level = np.stack([[columns, rows], [columns + 1, rows]])
    rows, columns = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    upright = np.stack([[columns, rows], [columns, rows + 1]])
    return np.concatenate([level, upright], axis=2).transpose(2, 0, 1).astype(float)


def scale_bar(axes: Axes, width_mm: float, height_mm: float, dark: bool) -> None:
    """A bar of 1 cm in the lower right corner."""
    margin = 0.05 * min(width_mm, height_mm)
    x = width_mm - margin
    colour = "black" if dark else "white"
    axes.plot(
        [x - _SCALE_BAR_MM, x],
        [height_mm - margin] * 2,
        color=colour,
        lw=2,
        solid_capstyle="butt",
    )
