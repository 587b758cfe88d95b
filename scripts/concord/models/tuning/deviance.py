"""Deviance of held-out subjects, by which settings are compared."""

import numpy as np

from ...statistics import targets
from ..estimators.partial_likelihood import PartialLikelihood

#: Log odds beyond which a probability counts as this far from 0 or 1.
_MOST = 30.0


def held_out_deviance(
    known: tuple[np.ndarray, np.ndarray], held_out: tuple[np.ndarray, np.ndarray]
) -> tuple[float, float]:
    """Deviance per unit of information of held-out subjects, and its weight.

    Of a binary outcome, minus twice the mean log-likelihood, and the number of
    subjects. Of a time to an event, minus twice what the held-out subjects add to the
    log partial likelihood of the others, per event [1]_, and the number of events:
    subjects of a small fold alone have few or no pairs.

    Parameters
    ----------
    known, held_out : (y, scores)
        Outcomes as `OutcomeKind.target` gives them and scores (n,) by the model that
        was fitted to the known ones.

    Returns
    -------
    tuple of float
        NaN with weight 0 if the held-out subjects tell nothing.

    References
    ----------
    .. [1] Verweij, P. J. M. and van Houwelingen, H. C. (1993). "Cross-validation in
           survival analysis". Stat Med, 12, 2305-2314.
           https://doi.org/10.1002/sim.4780122407
    """
    y, scores = held_out
    if targets.time(y) is None:
        return _binary(y, np.clip(scores, -_MOST, _MOST))
    weight = float(targets.event(y).sum())
    if not weight:
        return np.nan, 0.0
    every = (np.concatenate([a, b]) for a, b in zip(known, held_out, strict=True))
    added = _total(*every) - _total(*known)
    return 2.0 * added / weight, weight


def _binary(y: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    weight = targets.weight(y)
    if weight is None:
        weight = np.ones(len(y))
    event = targets.event(y)
    loss = np.logaddexp(0.0, scores) - event * scores
    total = float(weight.sum())
    return (2.0 * float(weight @ loss) / total, total) if total else (np.nan, 0.0)


def _total(y: np.ndarray, scores: np.ndarray) -> float:
    """Negative log partial likelihood, summed over the events."""
    return PartialLikelihood.of(y).value(scores) * len(y)
