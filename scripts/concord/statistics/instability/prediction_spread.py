"""Spread of predictions over models that were fitted to other samples of subjects."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PredictionSpread:
    """Predictions of sample models around that of the original model, by subject.

    Attributes
    ----------
    n : ndarray of int, shape (subjects,)
        Models with a prediction of the subject.
    lower, median, upper : ndarray of float, shape (subjects,)
        Quantiles 0.025, 0.5 and 0.975 of their predictions.
    mape : ndarray of float, shape (subjects,)
        Mean absolute difference to the prediction of the original model.
    """

    n: np.ndarray
    lower: np.ndarray
    median: np.ndarray
    upper: np.ndarray
    mape: np.ndarray


def prediction_spread(original: np.ndarray, samples: np.ndarray) -> PredictionSpread:
    """Quantiles and mean absolute prediction error (MAPE) by subject.

    Parameters
    ----------
    original : ndarray of float, shape (subjects,)
        Predictions of the model of all subjects.
    samples : ndarray of float, shape (models, subjects)
        Predictions of the models of the samples; NaN where there is none.

    Returns
    -------
    PredictionSpread
        NaN of a subject without a prediction.

    References
    ----------
    Riley, R. D. and Collins, G. S. (2023). "Stability of clinical prediction models
    developed using statistical or machine learning methods". Biometrical Journal, 65,
    2200302. https://doi.org/10.1002/bimj.202200302
    """
    known = np.isfinite(samples)
    n = known.sum(axis=0)
    bounds = np.full((3, samples.shape[1]), np.nan)
    for place in np.flatnonzero(n):
        own = samples[known[:, place], place]
        bounds[:, place] = np.quantile(own, [0.025, 0.5, 0.975])
    distance = np.where(known, np.abs(samples - original), 0.0).sum(axis=0)
    nothing = np.full(len(n), np.nan)
    mape = np.divide(distance, n, out=nothing, where=n > 0)
    lower, median, upper = bounds
    return PredictionSpread(n, lower, median, upper, mape)


def changed_share(original: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Share of the sample models that classify a subject otherwise, shape (subjects,).

    Parameters
    ----------
    original : ndarray of float, shape (subjects,)
        1 or 0 by the original model, NaN without a class.
    samples : ndarray of float, shape (models, subjects)
        The same by the models of the samples.
    """
    known = np.isfinite(samples) & np.isfinite(original)
    other = (known & (samples != original)).sum(axis=0)
    n = known.sum(axis=0)
    nothing = np.full(len(n), np.nan)
    return np.asarray(np.divide(other, n, out=nothing, where=n > 0))
