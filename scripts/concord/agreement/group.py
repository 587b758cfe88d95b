"""Agreement of all readers of one region, taken together."""

from collections.abc import Collection
from itertools import combinations

import numpy as np

from .overlap import Segmentation, n_common

_MM3_PER_ML = 1000.0


def group_agreement(segmentations: Collection[Segmentation]) -> dict[str, float]:
    """Agreement of two readers or more on one region.

    Returns
    -------
    dict
        `n_readers`; `generalized_dice` [1]_, twice the voxels common to each pair,
        summed over all pairs, over the sum of both sizes; `fleiss_kappa` [2]_ of
        the voxels of the smallest box around all segmentations; `union_ml`,
        `intersection_ml` and `box_ml`. Dice is NaN if all masks are empty; kappa is
        too if all readers give all voxels of the box one label.

    References
    ----------
    .. [1] Crum, W. R., Camara, O., Hill, D. L. G. (2006). "Generalized overlap
           measures for evaluation and validation in medical image analysis". IEEE
           Transactions on Medical Imaging, 25, 1451-1461.
           https://doi.org/10.1109/TMI.2006.880587
    .. [2] Fleiss, J. L. (1971). "Measuring nominal scale agreement among many
           raters". Psychological Bulletin, 76, 378-382.
           https://doi.org/10.1037/h0031619
    """
    n_votes, _ = votes(segmentations)
    n_readers = len(segmentations)
    spacing_mm = next(iter(segmentations)).spacing_mm
    voxel_ml = float(np.prod(spacing_mm)) / _MM3_PER_ML
    return {
        "n_readers": n_readers,
        "generalized_dice": generalized_dice(segmentations),
        "fleiss_kappa": fleiss_kappa(n_votes, n_readers),
        "union_ml": np.count_nonzero(n_votes) * voxel_ml,
        "intersection_ml": np.count_nonzero(n_votes == n_readers) * voxel_ml,
        "box_ml": n_votes.size * voxel_ml,
    }


def votes(
    segmentations: Collection[Segmentation],
) -> tuple[np.ndarray, tuple[int, ...]]:
    """Readers who segmented each voxel, counted, and the corner of the box around all.

    Returns
    -------
    tuple
        Counts of uint8 within the smallest box around all segmentations, of size 0 if
        all are empty, and the index of its first voxel in the whole grid.
    """
    filled = [segmentation for segmentation in segmentations if segmentation.n_voxels]
    if not filled:
        axes = len(next(iter(segmentations)).spacing_mm)
        return np.zeros((0,) * axes, np.uint8), (0,) * axes
    start = np.min([segmentation.start for segmentation in filled], axis=0)
    end = np.max([segmentation.end for segmentation in filled], axis=0)
    counts = np.zeros(end - start, np.uint8)
    for segmentation in filled:
        begin, stop = segmentation.start - start, segmentation.end - start
        counts[tuple(map(slice, begin, stop))] += segmentation.voxels
    return counts, tuple(start.tolist())


def generalized_dice(segmentations: Collection[Segmentation]) -> float:
    """Generalized Dice of all pairs, each weighted alike; NaN if all are empty."""
    common, total = 0, 0
    for first, second in combinations(segmentations, 2):
        common += 2 * n_common(first, second)
        total += first.n_voxels + second.n_voxels
    return common / total if total else np.nan


def fleiss_kappa(n_votes: np.ndarray, n_readers: int) -> float:
    """Fleiss' kappa of inside and outside, from the readers who marked each voxel.

    NaN if there is no voxel, or if chance alone would give complete agreement.
    """
    if not n_votes.size:
        return np.nan
    tally = np.bincount(n_votes.ravel(), minlength=n_readers + 1) / n_votes.size
    inside = np.arange(n_readers + 1)
    outside = n_readers - inside
    agreeing = inside * (inside - 1) + outside * (outside - 1)
    observed = float(tally @ agreeing) / (n_readers * (n_readers - 1))
    share = float(tally @ inside) / n_readers
    by_chance = share**2 + (1 - share) ** 2
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else np.nan
