"""What two sets of directed surface distances say about two masks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Share of the surface that the robust Hausdorff distance looks at.
SHARE = 0.95

#: Distances of a pair of which a mask is empty.
UNDEFINED = dict.fromkeys(("hd_mm", "hd95_mm", "hd95_pooled_mm", "assd_mm"), np.nan)


@dataclass(frozen=True)
class DirectedDistances:
    """Distances from points of one surface to another surface, in mm."""

    distance_mm: np.ndarray  # shape (n,)
    weight: np.ndarray  # shape (n,); the share of the surface each point stands for


def summarize(
    there: DirectedDistances,
    back: DirectedDistances,
    percentile: Callable[[DirectedDistances], float],
) -> dict[str, float]:
    """Summary distances of a pair of surfaces, in mm.

    Parameters
    ----------
    there, back : DirectedDistances
        From the first surface to the second, and from the second to the first.
    percentile : callable
        The 95th percentile of directed distances, as the definition takes it.

    Returns
    -------
    dict
        `hd_mm` is the largest distance, `hd95_mm` the larger of the two directed
        95th percentiles, `hd95_pooled_mm` the percentile of both directions
        together and `assd_mm` the mean over both surfaces [1]_.

    References
    ----------
    .. [1] Reinke, A., Tizabi, M. D., et al. (2024). "Understanding metric-related
           pitfalls in image analysis validation". Nature Methods, 21, 182-194.
           https://doi.org/10.1038/s41592-023-02150-0
    """
    pooled = DirectedDistances(
        np.concatenate([there.distance_mm, back.distance_mm]),
        np.concatenate([there.weight, back.weight]),
    )
    return {
        "hd_mm": float(pooled.distance_mm.max()),
        "hd95_mm": max(percentile(there), percentile(back)),
        "hd95_pooled_mm": percentile(pooled),
        "assd_mm": float(np.average(pooled.distance_mm, weights=pooled.weight)),
    }


def interpolated_percentile(directed: DirectedDistances) -> float:
    """95th percentile of equally weighted distances, interpolated linearly."""
    return float(np.percentile(directed.distance_mm, 100 * SHARE))


def weighted_percentile(directed: DirectedDistances) -> float:
    """Smallest distance that at least 95 % of the weight does not exceed."""
    order = np.argsort(directed.distance_mm, kind="stable")
    cumulated = np.cumsum(directed.weight[order])
    position = np.searchsorted(cumulated, SHARE * cumulated[-1], side="left")
    return float(directed.distance_mm[order[position]])
