"""Normalised inverse differences of grey levels that are counted from the first bin.

The first engine divides by the number of levels from the lowest occupied one on.
"""

from itertools import product

import numpy as np

#: One of each pair of opposite directions to the 26 neighbours, as (z, y, x).
_DIRECTIONS = [step for step in product((-1, 0, 1), repeat=3) if step > (0, 0, 0)]


def normalised_inverse_differences(
    levels: np.ndarray, mask: np.ndarray
) -> dict[str, float]:
    """Both features of the merged 3D co-occurrence matrix, by the engine's names.

    Parameters
    ----------
    levels : ndarray of int, three axes
        Grey levels from 1.
    mask : ndarray of bool
        Region, of the same shape.

    Returns
    -------
    dict of str to float
        Empty if no two voxels of the region are neighbours.

    References
    ----------
    Clausi DA. Can J Remote Sens 2002;28:45. doi:10.5589/m02-004
    """
    counts = _differences(levels, mask)
    if not counts.any():
        return {}
    share = counts / counts.sum()
    relative = np.arange(share.size) / levels[mask].max()
    return {
        "normalised_inverse_difference_NDRX": float(np.sum(share / (1 + relative))),
        "normalised_inverse_difference_moment_1QCO": float(
            np.sum(share / (1 + relative**2))
        ),
    }


def _differences(levels: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Number of pairs of neighbours by the difference of their levels."""
    box = tuple(slice(p.min(), p.max() + 1) for p in np.nonzero(mask))
    inside = np.where(mask[box], levels[box], 0).astype(np.int32)
    n_levels = int(inside.max()) + 1
    counts = np.zeros(n_levels, np.int64)
    for step in _DIRECTIONS:
        one = inside[tuple(slice(max(d, 0), min(d, 0) or None) for d in step)]
        other = inside[tuple(slice(max(-d, 0), min(-d, 0) or None) for d in step)]
        both = (one != 0) & (other != 0)
        found = np.abs(one[both] - other[both])
        counts += np.bincount(found, minlength=n_levels)
    return counts
