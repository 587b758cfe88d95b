"""Distances of a flexible calibration curve from the ideal: ICI, E50, E90 and Emax."""

from dataclasses import dataclass

import numpy as np

from .lowess import Lowess

#: Draws of outcomes of calibrated predictions, and the start of their order.
_DRAWS, _SEED = 200, 11


@dataclass(frozen=True)
class Distances:
    """Mean, median, 90 % quantile and largest distance of curve and prediction.

    The mean is the integrated calibration index [1]_.

    References
    ----------
    .. [1] Austin, P. C. and Steyerberg, E. W. (2019). "The integrated calibration index
           (ICI) and related metrics for quantifying the calibration of logistic
           regression models". Statistics in Medicine, 38, 4051-4065.
           https://doi.org/10.1002/sim.8281
    """

    ici: float
    e50: float
    e90: float
    emax: float

    @classmethod
    def of(
        cls, smoother: Lowess, outcome: np.ndarray, predicted: np.ndarray
    ) -> "Distances":
        """Distances over the subjects, each counted once."""
        away = np.abs(smoother.at(outcome, predicted) - predicted)
        e50, e90 = np.quantile(away, [0.5, 0.9])
        return cls(float(away.mean()), float(e50), float(e90), float(away.max()))


def expected_ici(
    smoother: Lowess,
    outcome: np.ndarray,
    predicted: np.ndarray,
    clusters: np.ndarray,
) -> float:
    """Mean index that predictions without any fault would have by chance alone.

    A distance is never negative, so that few subjects make an index above 0. Outcomes
    are drawn as the predictions with the residuals of the curve, whose sign is drawn
    for each cluster (wild bootstrap [1]_); draws are always the same.

    Parameters
    ----------
    smoother : Lowess
        Of `predicted`.
    outcome, predicted : ndarray of float, shape (n,)
        Outcomes, or pseudo-observations, and predicted probabilities.
    clusters : ndarray of int, shape (n,)
        Number of the cluster of each subject, from 0.

    References
    ----------
    .. [1] Liu, R. Y. (1988). "Bootstrap procedures under some non-i.i.d. models".
           Annals of Statistics, 16, 1696-1708. https://doi.org/10.1214/aos/1176351062
    """
    generator = np.random.default_rng(_SEED)
    signs = generator.choice([-1.0, 1.0], size=(int(clusters.max()) + 1, _DRAWS))
    residual = outcome - smoother.at(outcome, predicted)
    drawn = predicted[:, None] + residual[:, None] * signs[clusters]
    away = np.abs(smoother.at(drawn, predicted) - predicted[:, None])
    return float(away.mean())
