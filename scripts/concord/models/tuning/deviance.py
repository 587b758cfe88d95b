"""Deviance of held-out subjects, by which settings are compared."""

from collections.abc import Callable

import numpy as np

from ...statistics import targets
from ..estimators.partial_likelihood import PartialLikelihood

#: Log odds beyond which a probability counts as this far from 0 or 1.
_MOST = 30.0


class HeldOutDeviance:
    """Deviance per unit of information of held-out subjects, and its weight.

    Of a binary outcome, minus twice the mean log-likelihood, and the number of
    subjects. Of a time to an event, minus twice what the held-out subjects add to the
    log partial likelihood of the others, per event [1]_, and the number of events:
    subjects of a small fold alone have few or no pairs.

    Parameters
    ----------
    known, held_out : ndarray, shape (n,)
        Outcomes of the subjects that models are fitted to, and of the others, as
        `OutcomeKind.target` gives them.

    References
    ----------
    .. [1] Verweij, P. J. M. and van Houwelingen, H. C. (1993). "Cross-validation in
           survival analysis". Stat Med, 12, 2305-2314.
           https://doi.org/10.1002/sim.4780122407
    """

    def __init__(self, known: np.ndarray, held_out: np.ndarray) -> None:
        self._held_out = held_out
        self._n_events = float(targets.event(held_out).sum())
        self._likelihoods = None
        if targets.time(held_out) is not None and self._n_events:
            every = np.concatenate([known, held_out])
            self._likelihoods = _total_of(every), _total_of(known)

    def of(self, known: np.ndarray, held_out: np.ndarray) -> tuple[float, float]:
        """Deviance and weight of the scores of both by a model fitted to the known.

        Returns
        -------
        tuple of float
            NaN with weight 0 if the held-out subjects tell nothing.
        """
        if targets.time(self._held_out) is None:
            return _binary(self._held_out, np.clip(held_out, -_MOST, _MOST))
        if self._likelihoods is None:
            return np.nan, 0.0
        of_every, of_known = self._likelihoods
        added = of_every(np.concatenate([known, held_out])) - of_known(known)
        return 2.0 * added / self._n_events, self._n_events


def _binary(y: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    weight = targets.weight(y)
    if weight is None:
        weight = np.ones(len(y))
    event = targets.event(y)
    loss = np.logaddexp(0.0, scores) - event * scores
    total = float(weight.sum())
    return (2.0 * float(weight @ loss) / total, total) if total else (np.nan, 0.0)


def _total_of(y: np.ndarray) -> Callable[[np.ndarray], float]:
    """Negative log partial likelihood of scores, summed over the events."""
    likelihood = PartialLikelihood.of(y)
    return lambda scores: likelihood.value(scores) * len(y)
