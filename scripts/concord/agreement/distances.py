"""Measures of two masks from their directed surface distances."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: Share of the surface that the robust Hausdorff distance looks at.
SHARE = 0.95

#: A distance that exceeds a tolerance by less is rounding, and within it.
SLACK_MM = 1e-6

#: Distances of a pair of which a mask is empty.
UNDEFINED = dict.fromkeys(
    (
        "hd_mm",
        "hd_ab_mm",
        "hd_ba_mm",
        "hd95_mm",
        "hd95_ab_mm",
        "hd95_ba_mm",
        "hd95_pooled_mm",
        "assd_mm",
        "masd_mm",
    ),
    np.nan,
)


@dataclass(frozen=True)
class DirectedDistances:
    """Distances from points of one surface to another surface, in mm."""

    distance_mm: np.ndarray  # shape (n,)
    weight: np.ndarray  # shape (n,); the share of the surface each point stands for

    @cached_property
    def mean_mm(self) -> float:
        """Mean over the surface, in mm."""
        return float(np.average(self.distance_mm, weights=self.weight))

    def weight_within(self, tolerance_mm: float) -> float:
        """Weight of the points not farther away than a tolerance."""
        near = self.distance_mm <= tolerance_mm + SLACK_MM
        return float(self.weight[near].sum())


@dataclass(frozen=True)
class SurfaceDistances:
    """Both directions between two surfaces; every measure follows from them."""

    there: DirectedDistances  # from the first surface to the second
    back: DirectedDistances  # from the second to the first
    percentile: Callable[[DirectedDistances], float]  # the 95th, as defined there

    def summary(self) -> dict[str, float]:
        """Summary distances, in mm.

        Returns
        -------
        dict
            `hd_ab_mm`, `hd_ba_mm` are the largest distances of each direction,
            `hd95_ab_mm`, `hd95_ba_mm` the 95th percentiles, `hd_mm` and `hd95_mm`
            the larger of either two; `hd95_pooled_mm` the percentile of both
            directions together; `assd_mm` the mean over both surfaces together and
            `masd_mm` the mean of the means of both directions [1]_.

        References
        ----------
        .. [1] Reinke, A., Tizabi, M. D., et al. (2024). "Understanding metric-related
               pitfalls in image analysis validation". Nature Methods, 21, 182-194.
               https://doi.org/10.1038/s41592-023-02150-0
        """
        largest = [float(part.distance_mm.max()) for part in (self.there, self.back)]
        robust = [self.percentile(part) for part in (self.there, self.back)]
        return {
            "hd_mm": max(largest),
            "hd_ab_mm": largest[0],
            "hd_ba_mm": largest[1],
            "hd95_mm": max(robust),
            "hd95_ab_mm": robust[0],
            "hd95_ba_mm": robust[1],
            "hd95_pooled_mm": self.percentile(self._pooled),
            "assd_mm": self._pooled.mean_mm,
            "masd_mm": (self.there.mean_mm + self.back.mean_mm) / 2,
        }

    def surface_dice(self, tolerance_mm: float) -> float:
        """Share of both surfaces that lies within a tolerance of the other [1]_.

        References
        ----------
        .. [1] Nikolov, S., Blackwell, S., et al. (2021). "Clinically applicable
               segmentation of head and neck anatomy for radiotherapy". Journal of
               Medical Internet Research, 23, e26151. https://doi.org/10.2196/26151
        """
        within = self._pooled.weight_within(tolerance_mm)
        return min(1.0, within / float(self._pooled.weight.sum()))

    @cached_property
    def _pooled(self) -> DirectedDistances:
        parts = (self.there, self.back)
        return DirectedDistances(
            np.concatenate([part.distance_mm for part in parts]),
            np.concatenate([part.weight for part in parts]),
        )


def interpolated_percentile(directed: DirectedDistances) -> float:
    """95th percentile of equally weighted distances, interpolated linearly."""
    return float(np.percentile(directed.distance_mm, 100 * SHARE))


def weighted_percentile(directed: DirectedDistances) -> float:
    """Smallest distance that at least 95 % of the weight does not exceed."""
    order = np.argsort(directed.distance_mm, kind="stable")
    cumulated = np.cumsum(directed.weight[order])
    position = np.searchsorted(cumulated, SHARE * cumulated[-1], side="left")
    return float(directed.distance_mm[order[position]])
