"""Recalibration of predictions: intercept and slope, and how far each row moves them.

Influences are those of leaving a row out, by one Newton step, so that the sum of their
squares is a variance that holds for few rows too (as the HC3 errors).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

#: A larger slope or intercept is that of outcomes that the predictions separate.
_MOST = 15.0
_STEPS, _CLOSE = 50, 1e-10
#: Leverage above which a row alone decides, and its influence is not told.
_MOST_LEVERAGE = 0.99


@dataclass(frozen=True)
class Moved:
    """A value, and its influence by row, shape (n,); NaN if it is undefined."""

    value: float
    influence: np.ndarray

    @classmethod
    def undefined(cls, n: int) -> "Moved":
        """No value of n rows."""
        return cls(float("nan"), np.zeros(n))


def logit(probability: np.ndarray) -> np.ndarray:
    """Log odds; of probabilities of 0 and 1 those of the next number inside."""
    inside = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.asarray(special.logit(inside))


def in_the_large(
    log_odds: np.ndarray, event: np.ndarray, weight: np.ndarray | None = None
) -> Moved:
    """Intercept of a logistic model with the log odds as offset [1]_.

    Above 0, events are more frequent than predicted. NaN if all rows or none have the
    event.

    Parameters
    ----------
    log_odds : ndarray of float, shape (n,)
        Of the predictions.
    event : ndarray of 0/1, shape (n,)
    weight : ndarray of float, shape (n,), optional

    References
    ----------
    .. [1] Cox, D. R. (1958). "Two further applications of a model for binary
           regression". Biometrika, 45, 562-565.
           https://doi.org/10.1093/biomet/45.3-4.562
    """
    design = np.ones((len(log_odds), 1))
    return _logistic(design, log_odds, event, weight)


def logistic_slope(
    log_odds: np.ndarray, event: np.ndarray, weight: np.ndarray | None = None
) -> Moved:
    """Slope of a logistic model of the event on the log odds, with an intercept.

    Below 1, predictions are too extreme. NaN if they are equal, or separate the
    outcomes. Parameters as of `in_the_large`.
    """
    design = np.column_stack([np.ones(len(log_odds)), log_odds])
    if not np.ptp(log_odds) > 0:
        return Moved.undefined(len(log_odds))
    return _logistic(design, np.zeros(len(log_odds)), event, weight)


def cox_slope(
    score: np.ndarray, event: np.ndarray, time: np.ndarray, stratum: np.ndarray
) -> Moved:
    """Slope of Cox's model of the time on the score, by strata.

    Events of one time as Breslow has them. NaN if scores do not vary among those at
    risk, or separate the outcomes. The influence of a row is one Newton step of the
    likelihood without it: score residuals tell half of that where strata are small.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        Log hazard, comparable within a stratum.
    event : ndarray of 0/1, shape (n,)
    time : ndarray of float, shape (n,)
        Time to event or censoring.
    stratum : ndarray, shape (n,)
        Strata with a baseline hazard each, such as the folds.
    """
    happened = event == 1
    # Row: a subject with the event; column: who is at risk just before.
    at_risk = (stratum[happened][:, None] == stratum) & (
        time[happened][:, None] <= time
    )
    beta = 0.0
    for _ in range(_STEPS):
        slope, curve = _partial(beta, score, happened, at_risk)
        if not curve > _CLOSE or abs(beta) > _MOST:
            return Moved.undefined(len(score))
        step = float(np.clip(slope / curve, -2.0, 2.0))
        beta += step
        if abs(step) < _CLOSE:
            break
    return Moved(beta, _without_each(beta, score, happened, at_risk))


def _partial(
    beta: float, score: np.ndarray, happened: np.ndarray, at_risk: np.ndarray
) -> tuple[float, float]:
    """Slope and curvature of the partial likelihood."""
    share = at_risk * np.exp(beta * (score - score.mean()))
    share /= share.sum(axis=1, keepdims=True)
    mean = share @ score
    curve = float((share @ score**2 - mean**2).sum())
    return float((score[happened] - mean).sum()), curve


def _without_each(
    beta: float, score: np.ndarray, happened: np.ndarray, at_risk: np.ndarray
) -> np.ndarray:
    """Slope less that of all other rows, shape (n,), by one Newton step."""
    hazard = at_risk * np.exp(beta * (score - score.mean()))
    left = hazard.sum(axis=1, keepdims=True) - hazard
    # Whoever has the event is at risk; without him, his event is none.
    own = np.zeros(at_risk.shape, dtype=bool)
    own[np.arange(len(own)), np.flatnonzero(happened)] = True
    known = ~own & (left > 0)
    total = np.where(known, left, 1.0)
    mean, square = (
        ((hazard @ power)[:, None] - hazard * power) / total
        for power in (score, score**2)
    )
    slope = np.where(known, score[happened][:, None] - mean, 0.0).sum(axis=0)
    curve = np.where(known, square - mean**2, 0.0).sum(axis=0)
    nothing = np.zeros(len(score))
    moved = np.divide(slope, curve, out=nothing, where=curve > _CLOSE)
    return np.asarray(-moved)


def _logistic(
    design: np.ndarray,
    offset: np.ndarray,
    event: np.ndarray,
    weight: np.ndarray | None,
) -> Moved:
    """Last coefficient of a logistic regression, by Newton's steps."""
    n = len(event)
    w = np.ones(n) if weight is None else weight
    if not 0 < (w * event).sum() < w.sum():
        return Moved.undefined(n)
    point = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        fitted = special.expit(offset + design @ point)
        curve = (design * (w * fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.cond(curve) > 1 / _CLOSE:
            return Moved.undefined(n)
        step = np.linalg.solve(curve, design.T @ (w * (event - fitted)))
        point = point + np.clip(step, -2.0, 2.0)
        if np.abs(point).max() > 2 * _MOST or abs(point[-1]) > _MOST:
            return Moved.undefined(n)
        if np.abs(step).max() < _CLOSE:
            break
    fitted = special.expit(offset + design @ point)
    moved = np.linalg.solve(curve, design.T)
    leverage = w * fitted * (1 - fitted) * (design * moved.T).sum(axis=1)
    left = 1 - np.minimum(leverage, _MOST_LEVERAGE)
    return Moved(float(point[-1]), moved[-1] * w * (event - fitted) / left)
