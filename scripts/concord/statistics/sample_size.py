"""Smallest development sets of prediction models, by the criteria of Riley et al.

Made for models without a penalty that estimate all candidate parameters: whatever a
selection chooses from counts. A penalty does not make a small study a large one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

SHRINKAGE, OPTIMISM, OVERALL_RISK = "shrinkage", "optimism", "overall_risk"
#: Factor by which coefficients may have to be shrunk, at least.
_SHRINKAGE = 0.9
#: Largest difference of apparent and adjusted R2, as a share of the largest R2.
_OPTIMISM = 0.05
#: Half width of the 95 % interval of the overall risk.
_MARGIN = 0.05
_Z = 1.96
_NODES = 200


class Required(NamedTuple):
    """Number of subjects that a criterion asks for; infinite if no number will do."""

    criterion: str
    n: float


@dataclass(frozen=True)
class BinaryOutcome:
    """A binary outcome as the criteria see it.

    Attributes
    ----------
    prevalence : float
        Share of events, in (0, 1).
    """

    prevalence: float

    @property
    def largest_r2(self) -> float:
        """Largest Cox-Snell R2 that a model can have.

        References
        ----------
        Riley et al. 2019, part II, doi:10.1002/sim.7992.
        """
        share = self.prevalence
        null = share * math.log(share) + (1 - share) * math.log(1 - share)
        return 1 - math.exp(2 * null)

    def r2_of(self, discrimination: float) -> float:
        """Cox-Snell R2 of a model with an AUC.

        Linear predictors are taken as normal in cases and in controls, with equal
        spread; then the logistic model holds, and its mean log-likelihood is an
        integral.

        References
        ----------
        Riley, Van Calster and Collins 2021, doi:10.1002/sim.8806.
        """
        distance = math.sqrt(2) * _normal_quantile(discrimination)
        points, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        weights = weights / weights.sum()
        share = self.prevalence
        log_odds = math.log(share / (1 - share)) - distance**2 / 2
        case = weights @ -np.logaddexp(0, -(log_odds + distance * (points + distance)))
        control = weights @ -np.logaddexp(0, log_odds + distance * points)
        null = share * math.log(share) + (1 - share) * math.log(1 - share)
        return 1 - math.exp(2 * (null - share * case - (1 - share) * control))

    def n_for_overall_risk(self) -> float:
        """Subjects for a 95 % interval of the overall risk within 0.05."""
        return (_Z / _MARGIN) ** 2 * self.prevalence * (1 - self.prevalence)


@dataclass(frozen=True)
class SurvivalOutcome:
    """A time to an event as the criteria see it.

    Attributes
    ----------
    rate : float
        Events per day of follow-up.
    mean_follow_up_days : float
    at_days : float
        When the overall risk is to be known.
    """

    rate: float
    mean_follow_up_days: float
    at_days: float

    @property
    def events_per_subject(self) -> float:
        """Expected share of subjects with an event."""
        return self.rate * self.mean_follow_up_days

    @property
    def largest_r2(self) -> float:
        """Largest Cox-Snell R2, with the likelihood of an exponential model.

        Its unit of time is the mean follow-up, so that the value depends on none.

        References
        ----------
        Riley et al. 2019, part II, doi:10.1002/sim.7992.
        """
        share = self.events_per_subject
        return 1 - math.exp(2 * share * (math.log(share) - 1))

    def r2_of(self, discrimination: float) -> float:
        """Cox-Snell R2 of a model with a C-index, by way of Royston's D.

        References
        ----------
        Jinks, Royston and Parmar 2015, doi:10.1186/s12874-015-0048-y (D of C), Riley
        et al. 2019, part II, doi:10.1002/sim.7992 (R2 of D).
        """
        over = discrimination - 0.5
        d = 5.50 * over + 10.26 * over**3
        variance = math.pi**2 / 6
        explained = math.pi / 8 * d**2
        r2_d = explained / (variance + explained)
        r2_of_events = variance * r2_d / (1 - (1 - variance) * r2_d)
        return float(1 - (1 - r2_of_events) ** self.events_per_subject)

    def n_for_overall_risk(self) -> float:
        """Subjects for a 95 % interval of the risk at `at_days` within 0.05."""
        t, rate = self.at_days, self.rate
        risk = 1 - math.exp(-rate * t)
        # The lower bound of the rate moves the risk most.
        widest = math.log((1 - risk + _MARGIN) / (1 - risk)) / t
        return _Z**2 * rate / (self.mean_follow_up_days * widest**2)


Outcome = BinaryOutcome | SurvivalOutcome


def required(outcome: Outcome, n_parameters: int, r2: float) -> Iterator[Required]:
    """Subjects that each criterion asks for.

    Parameters
    ----------
    outcome : BinaryOutcome or SurvivalOutcome
    n_parameters : int
        Candidate parameters: all that are estimated or chosen from.
    r2 : float
        Cox-Snell R2 that is expected of the model, in (0, largest R2).

    References
    ----------
    Riley et al. 2019, part II, doi:10.1002/sim.7992; Riley et al. 2020,
    doi:10.1136/bmj.m441.
    """
    yield Required(SHRINKAGE, _n_for_shrinkage(n_parameters, r2, _SHRINKAGE))
    largest = outcome.largest_r2
    shrinkage = r2 / (r2 + _OPTIMISM * largest)
    yield Required(OPTIMISM, _n_for_shrinkage(n_parameters, r2, shrinkage))
    yield Required(OVERALL_RISK, _whole(outcome.n_for_overall_risk()))


def _n_for_shrinkage(n_parameters: int, r2: float, shrinkage: float) -> float:
    """Subjects for whom coefficients need no more shrinkage than a factor."""
    if not n_parameters:
        return 0.0
    if not 0 < r2 < shrinkage:
        return math.inf
    return _whole(n_parameters / ((shrinkage - 1) * math.log(1 - r2 / shrinkage)))


def _whole(n: float) -> float:
    """Next whole number; rounding errors do not add a subject."""
    return float(math.ceil(round(n, 6)))


def _normal_quantile(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)
