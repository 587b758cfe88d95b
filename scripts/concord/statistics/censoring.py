"""Inverse probability of censoring weights of outcomes at a horizon.

The status of a subject who is censored before the horizon is unknown. Those whose
status is known stand for him: each with the inverse of the probability of having been
followed as long.
"""

import numpy as np

from .survival.censoring_survival import CensoringSurvival


def followed(days: np.ndarray, known: np.ndarray, event: np.ndarray) -> np.ndarray:
    """Probability of not being censored before the end of each follow-up, shape (n,).

    The Kaplan-Meier estimate of the distribution of censoring, just before `days`.

    Parameters
    ----------
    days : ndarray of float, shape (n,)
        Time to event or censoring.
    known : ndarray of bool, shape (n,)
        False for a subject who is censored before the horizon.
    event : ndarray of bool, shape (n,)
        Whether the event was observed by the horizon.
    """
    return CensoringSurvival.of(days, ~known, event).before(days)


def horizon_weights(event: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Weights of outcomes at a horizon, shape (n,); NaN where the outcome is.

    Their mean over the known outcomes is 1, so that a penalty per subject keeps its
    meaning. Censoring is taken as independent of the outcome and of all predictors.

    Parameters
    ----------
    event : ndarray of float, shape (n,)
        1 for an event by the horizon, 0 for a subject who was followed to it without,
        NaN for one who was censored before, or of whom nothing is known.
    days : ndarray of float, shape (n,)
        Time to event or censoring; NaN of whom nothing is known.

    References
    ----------
    Uno et al. 2007, doi:10.1198/016214507000000149.
    """
    weights = np.full(len(event), np.nan)
    informing = np.isfinite(days)
    known, happened = np.isfinite(event[informing]), event[informing] == 1
    # Whoever was followed to the horizon weighs what the horizon does.
    last = np.where(known & ~happened, np.inf, days[informing])
    inverse = 1.0 / followed(last, known, happened)
    weights[np.flatnonzero(informing)[known]] = inverse[known] / _mean(inverse[known])
    return weights


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 1.0
