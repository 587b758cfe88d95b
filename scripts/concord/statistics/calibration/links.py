"""Links of probabilities: logit of an event, cloglog of an event before a horizon."""

from abc import ABC, abstractmethod

import numpy as np
from scipy import special

#: Probabilities nearer to 0 or 1 are taken to be as near as this, as those have no
#: finite logit.
NEAREST = 1e-6
#: Largest argument of the exponential function of cloglog; e**3 is a risk of 1.
_LARGEST = 3.5


class Link(ABC):
    """Scale on which calibration is regressed, with what a regression needs of it."""

    def of(self, probability: np.ndarray) -> np.ndarray:
        """Linear predictor of probabilities, shape (n,)."""
        return self._forward(np.clip(probability, NEAREST, 1 - NEAREST))

    @abstractmethod
    def _forward(self, probability: np.ndarray) -> np.ndarray:
        """Linear predictor of probabilities strictly between 0 and 1."""

    @abstractmethod
    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """Probability of linear predictors, shape (n,)."""

    @abstractmethod
    def slope(self, predictor: np.ndarray) -> np.ndarray:
        """Derivative of the probability by the linear predictor, shape (n,)."""

    @abstractmethod
    def score(self, predictor: np.ndarray) -> np.ndarray:
        """Derivative over the working variance: factor of residuals, shape (n,)."""


class Logit(Link):
    """Log odds."""

    def _forward(self, probability: np.ndarray) -> np.ndarray:
        return np.asarray(special.logit(probability))

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """Probability of log odds."""
        return np.asarray(special.expit(predictor))

    def slope(self, predictor: np.ndarray) -> np.ndarray:
        """Binomial variance."""
        mean = special.expit(predictor)
        return np.asarray(mean * (1 - mean))

    def score(self, predictor: np.ndarray) -> np.ndarray:
        """1, as the link is the canonical one."""
        return np.ones(len(predictor))


class ComplementaryLogLog(Link):
    """Log of the cumulative hazard."""

    def _forward(self, probability: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(-np.log1p(-probability)))

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """Probability of a cumulative hazard."""
        return np.asarray(-np.expm1(-_hazard(predictor)))

    def slope(self, predictor: np.ndarray) -> np.ndarray:
        """Hazard times the probability of no event."""
        hazard = _hazard(predictor)
        return np.asarray(hazard * np.exp(-hazard))

    def score(self, predictor: np.ndarray) -> np.ndarray:
        """The derivative, as of a constant variance.

        Pseudo-observations of risks near 0 or 1 scatter by more than a binomial
        variance, which would let single subjects decide.
        """
        return self.slope(predictor)


LOGIT, CLOGLOG = Logit(), ComplementaryLogLog()


def _hazard(predictor: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(np.minimum(predictor, _LARGEST)))
