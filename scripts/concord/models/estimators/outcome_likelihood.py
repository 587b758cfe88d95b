"""The likelihood of outcomes: logistic, or partial where there are times."""

import numpy as np

from ...statistics import targets
from .elastic_net.likelihoods import Likelihood, LogisticLikelihood
from .partial_likelihood import PartialLikelihood
from .risk_sets import Ties


def likelihood_of(y: np.ndarray, ties: Ties = "efron") -> Likelihood:
    """Likelihood of a model's target (n,), with its weights or strata."""
    if targets.time(y) is None:
        return LogisticLikelihood(targets.event(y), targets.weight(y))
    return PartialLikelihood.of(y, ties)
