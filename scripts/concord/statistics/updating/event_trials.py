"""Trials of a binary outcome, whose offset is the score: log odds."""

import numpy as np

from .closed_test import Draw
from .families import EVENTS
from .regression import Trials


def event_trials(
    event: np.ndarray, score: np.ndarray, weight: np.ndarray, unit: np.ndarray
) -> Trials:
    """Columns of an intercept and of the standardized score beside the score [1]_.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
    score : ndarray of float, shape (n,)
        Log odds by the model that may be updated.
    weight : ndarray of float, shape (n,)
    unit : ndarray of int, shape (n,)
        Clusters, from 0.

    References
    ----------
    .. [1] Cox, D. R. (1958). "Two further applications of a model for binary
           regression". Biometrika, 45, 562-565.
           https://doi.org/10.1093/biomet/45.3-4.562
    """
    design = np.column_stack([np.ones(len(score)), standardized(score)])
    return Trials(EVENTS, event.astype(float), score, design, weight, unit)


def event_draws(trials: Trials) -> Draw:
    """Draws of events with the probabilities of a model."""

    def draw(
        at: np.ndarray, n_draws: int, generator: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        chance = trials.family.mean(trials.linear(at))
        drawn = generator.random((n_draws, len(chance))) < chance
        return drawn.astype(float), np.broadcast_to(trials.offset, drawn.shape)

    return draw


def line_of(found: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """Intercept and slope of the line on the score, of coefficients (0 to 2,)."""
    full = np.append(found, np.zeros(2 - len(found)))
    centre, scale = centre_and_scale(score)
    return float(full[0] - full[1] * centre / scale), float(1 + full[1] / scale)


def line_errors(covariance: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """Standard errors of that intercept and slope; 0 of what is not learnt."""
    k = len(covariance)
    centre, scale = centre_and_scale(score)
    moves = np.array([[1.0, -centre / scale], [0.0, 1 / scale]])[:, :k]
    variances = np.diag(moves @ covariance @ moves.T)
    errors = np.sqrt(np.maximum(variances, 0.0))
    return float(errors[0]), float(errors[1])


def standardized(score: np.ndarray) -> np.ndarray:
    """Scores less their mean, in standard deviations; shape (n,)."""
    centre, scale = centre_and_scale(score)
    return np.asarray((score - centre) / scale)


def centre_and_scale(score: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of scores; a scale of 1 of scores that are equal."""
    spread = float(np.std(score)) if len(score) else 0.0
    return float(np.mean(score)), spread if spread > 0 else 1.0
