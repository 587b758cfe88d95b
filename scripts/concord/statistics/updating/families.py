"""Outcomes of which an update is learnt: events, and events within a follow-up."""

from abc import ABC, abstractmethod

import numpy as np
from scipy import special

#: Arguments of the exponential function beyond this are taken to be it.
_LARGEST = 700.0


class Family(ABC):
    """Distribution of an outcome with its canonical link; arrays of any shape."""

    @abstractmethod
    def mean(self, linear: np.ndarray) -> np.ndarray:
        """Expected outcome of linear predictors."""

    @abstractmethod
    def variance(self, mean: np.ndarray) -> np.ndarray:
        """Variance of an outcome, which is the derivative of the mean as well."""

    @abstractmethod
    def log_likelihood(self, outcome: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Log likelihood of each outcome, but for what no parameter changes."""


class Events(Family):
    """An event or none; linear predictors are log odds."""

    def mean(self, linear: np.ndarray) -> np.ndarray:
        """Probability of the event."""
        return np.asarray(special.expit(linear))

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """Variance of Bernoulli's distribution."""
        return np.asarray(mean * (1 - mean))

    def log_likelihood(self, outcome: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Log of the probability of what happened."""
        return np.asarray(outcome * linear - np.logaddexp(0.0, linear))


class ExpectedEvents(Family):
    """Number of events; linear predictors are logs of the number that is expected.

    With the log of the cumulative hazard within the follow-up as offset it is the
    likelihood of a proportional change of the hazard [1]_.

    References
    ----------
    .. [1] Crowson, C. S., Atkinson, E. J. and Therneau, T. M. (2016). "Assessing
           calibration of prognostic risk scores". Statistical Methods in Medical
           Research, 25, 1692-1706. https://doi.org/10.1177/0962280213497434
    """

    def mean(self, linear: np.ndarray) -> np.ndarray:
        """Expected events."""
        return np.asarray(np.exp(np.minimum(linear, _LARGEST)))

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """Variance of Poisson's distribution."""
        return np.asarray(mean)

    def log_likelihood(self, outcome: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Log of Poisson's probability."""
        return np.asarray(outcome * linear - self.mean(linear))


EVENTS, EXPECTED_EVENTS = Events(), ExpectedEvents()
#: Log of no exposure at all.
NO_EXPOSURE = -_LARGEST
