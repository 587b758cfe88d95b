"""Regression of outcomes on their predictions: calibration in the large, and slope."""

from dataclasses import dataclass

import numpy as np

from .links import Link

_MOST_STEPS, _TOLERANCE = 100, 1e-11
#: Linear predictors that differ by less are equal but for rounding.
_EQUAL = 1e-9
#: Coefficients, per standard deviation, beyond this have no finite estimate: the
#: outcomes are separated.
_LARGEST = 25.0
#: Leverage of one subject is taken to be no larger.
_MOST_LEVERAGE = 0.95


@dataclass(frozen=True)
class Coefficient:
    """An estimate with the influence of each subject on it; NaN without a maximum.

    `influence` adds up to an estimate of how far the estimate is off, so that the sum
    of its squares is the squared standard error of subjects that are independent.
    """

    estimate: float
    influence: np.ndarray  # (n,)

    @classmethod
    def undefined(cls, n: int) -> "Coefficient":
        """No estimate, of n subjects."""
        return cls(float("nan"), np.full(n, np.nan))


def calibration_in_the_large(
    outcome: np.ndarray, predictor: np.ndarray, weight: np.ndarray, link: Link
) -> Coefficient:
    """Intercept of outcomes with their linear predictor as offset [1]_; 0 is best.

    Above 0, more events are observed than predicted.

    Parameters
    ----------
    outcome : ndarray of float, shape (n,)
        1 for an event and 0 for none, or pseudo-observations of the risk [2]_.
    predictor : ndarray of float, shape (n,)
        Predicted probabilities on the scale of the link.
    weight : ndarray of float, shape (n,)
        Weight of each subject, 1 without any.
    link : Link
        Logit of binary outcomes; cloglog of risks at a horizon.

    References
    ----------
    .. [1] Cox, D. R. (1958). "Two further applications of a model for binary
           regression". Biometrika, 45, 562-565. https://doi.org/10.1093/biomet/45.3-4.562
    .. [2] van Geloven, N. et al. (2022). "Validation of prediction models in the
           presence of competing risks". BMJ, 377, e069249.
           https://doi.org/10.1136/bmj-2021-069249
    """
    columns = np.ones((len(outcome), 1))
    return _fitted(outcome, columns, predictor, weight, link, np.zeros(1))[0]


def calibration_slope(
    outcome: np.ndarray,
    predictor: np.ndarray,
    weight: np.ndarray,
    link: Link,
    centre: np.ndarray | float = 0.0,
) -> Coefficient:
    """Slope of outcomes on their linear predictor; 1 is best.

    Below 1, predictions are too extreme. With centres, those of the model that each
    subject is predicted by, differences between models are taken as they are and the
    slope is that of predictions of one model: the mean of a model's predictions falls
    with the events among those whom it is judged by, as these were kept from it.

    Parameters
    ----------
    outcome, predictor, weight, link
        As for `calibration_in_the_large`.
    centre : ndarray of float, shape (n,), or 0
        Mean linear predictor of the subjects that are predicted by the same model.
    """
    return calibration_line(outcome, predictor, weight, link, centre)[1]


def calibration_line(
    outcome: np.ndarray,
    predictor: np.ndarray,
    weight: np.ndarray,
    link: Link,
    centre: np.ndarray | float = 0.0,
) -> tuple[Coefficient, Coefficient]:
    """Intercept and slope, both free; as `calibration_slope`."""
    away = predictor - centre
    if not len(away) or np.ptp(away) < _EQUAL:
        nothing = Coefficient.undefined(len(away))
        return nothing, nothing
    spread = float(away.std())
    columns = np.column_stack([np.ones(len(away)), away / spread])
    offset = np.broadcast_to(np.asarray(centre, dtype=float), away.shape)
    start = np.array([0.0, spread])  # calibrated
    intercept, slope = _fitted(outcome, columns, offset, weight, link, start)
    return intercept, Coefficient(slope.estimate / spread, slope.influence / spread)


def _fitted(
    outcome: np.ndarray,
    columns: np.ndarray,
    offset: np.ndarray,
    weight: np.ndarray,
    link: Link,
    start: np.ndarray,
) -> list[Coefficient]:
    """Root of the weighted score by Fisher's method, with jackknife errors."""
    n, k = columns.shape
    found = start
    for _ in range(_MOST_STEPS):
        score, information = _score(outcome, columns, offset, weight, link, found)
        step = np.linalg.lstsq(information, score.sum(axis=0), rcond=None)[0]
        found = found + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < _TOLERANCE:
            break
    if np.abs(step).max() >= np.sqrt(_TOLERANCE) or np.abs(found).max() > _LARGEST:
        return [Coefficient.undefined(n)] * k
    score, information = _score(outcome, columns, offset, weight, link, found)
    inverse = np.linalg.pinv(information)
    away = score @ inverse
    # The jackknife to first order: a subject without whom the others would be fitted.
    rate = weight * link.slope(offset + columns @ found)
    rate *= link.score(offset + columns @ found)
    leverage = rate * np.einsum("ij,jk,ik->i", columns, inverse, columns)
    away /= (1 - np.minimum(leverage, _MOST_LEVERAGE))[:, None]
    return [Coefficient(float(found[j]), away[:, j]) for j in range(k)]


def _score(
    outcome: np.ndarray,
    columns: np.ndarray,
    offset: np.ndarray,
    weight: np.ndarray,
    link: Link,
    at: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Score of each subject, (n, k), and the expected information, (k, k)."""
    predictor = offset + columns @ at
    factor = weight * link.score(predictor)
    residual = outcome - link.mean(predictor)
    rate = factor * link.slope(predictor)
    return (factor * residual)[:, None] * columns, columns.T @ (rate[:, None] * columns)
