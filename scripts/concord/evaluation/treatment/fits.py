"""Fits without a penalty, whose likelihoods are compared; groups are strata."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import FitError
from ...models.estimators.elastic_net.likelihoods import (
    Likelihood,
    LogisticLikelihood,
)
from ...models.estimators.optimizer import Point, minimise
from ...models.estimators.partial_likelihood import PartialLikelihood
from ...models.estimators.risk_sets import Ties
from ...statistics.existence import Standardized, require_overlap, surely_curved


@dataclass(frozen=True)
class Fit:
    """Estimates of some columns, in their own units, at the maximum of a likelihood."""

    log_likelihood: float
    coefficients: np.ndarray  # (p,), log hazard or odds ratio per unit
    covariance: np.ndarray  # (p, p)


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of the subjects of some groups, and the likelihood of a model of them.

    With times, Cox's model with a baseline hazard of each group; without, logistic
    regression with an intercept of each group.

    Attributes
    ----------
    event : ndarray of bool, shape (n,)
    time_days : ndarray of float, shape (n,), or None
    groups : ndarray of int, shape (n,)
        Number of each subject's group, from 0 without a gap.
    ties : str
        Treatment of events at one time, "efron" or "breslow".
    """

    event: np.ndarray
    time_days: np.ndarray | None
    groups: np.ndarray
    ties: Ties = "efron"

    def informing(self) -> np.ndarray:
        """True for subjects whose group tells something of any effect, shape (n,).

        That is a group with an event, and without times also one with a subject
        without it: the others add the same to every likelihood.
        """
        n = np.bincount(self.groups, minlength=1)
        n_events = np.bincount(self.groups, self.event, minlength=1)
        told = n_events > 0
        if self.time_days is None:
            told &= n_events < n
        return np.asarray(told[self.groups])

    def without_columns(self) -> float:
        """Log-likelihood of the model of the groups alone; every group must inform."""
        likelihood, indicators = self._likelihood()
        shares = self._shares() if indicators.shape[1] else np.zeros(0)
        logits = indicators @ np.log(shares / (1 - shares))
        return -len(self.event) * likelihood.value(logits)

    def _shares(self) -> np.ndarray:
        """Share of events in each group."""
        n = np.bincount(self.groups)
        return np.asarray(np.bincount(self.groups, self.event) / n)

    def fit(self, values: np.ndarray, names: Sequence[str]) -> Fit:
        """Maximum of the likelihood in named columns (n, p); every group must inform.

        Raises
        ------
        FitError
            If columns determine each other or do not vary within a group, or if they
            separate the outcomes, so that there is no maximum.
        """
        at_risk = self._ever_at_risk()
        centred = values - _means(values, self.groups)
        columns = Standardized.of(centred, names, at_risk).values
        likelihood, indicators = self._likelihood()
        point, hessian = self._optimum(likelihood, indicators, columns, names)
        n, first = len(values), indicators.shape[1]
        sd = centred[at_risk].std(axis=0)
        covariance = np.linalg.inv(n * hessian)[first:, first:]
        linear = np.hstack([indicators, columns]) @ point
        return Fit(
            -n * likelihood.value(linear), point[first:] / sd, covariance / _outer(sd)
        )

    def _optimum(
        self,
        likelihood: Likelihood,
        indicators: np.ndarray,
        columns: np.ndarray,
        names: Sequence[str],
    ) -> tuple[np.ndarray, np.ndarray]:
        """Maximum of the mean likelihood and the Hessian there."""
        design = np.hstack([indicators, columns])

        def function(point: np.ndarray) -> Point:
            here = likelihood.at(design @ point)
            return here.value, design.T @ here.slope(), here.hessian(design)

        try:
            found, _ = minimise(function, np.zeros(design.shape[1]))
        except FitError:
            require_overlap(self._comparisons(design), names)
            raise
        _, slope, hessian = function(found)
        if not surely_curved(design, -slope, hessian):
            require_overlap(self._comparisons(design), names)
        return found, hessian

    def _likelihood(self) -> tuple[Likelihood, np.ndarray]:
        """Likelihood and the columns of the intercepts, which Cox's model has not."""
        if self.time_days is None:
            n_groups = int(self.groups.max(initial=0)) + 1
            return LogisticLikelihood(self.event), np.eye(n_groups)[self.groups]
        return self._partial(self.time_days), np.zeros((len(self.event), 0))

    def _partial(self, times: np.ndarray) -> PartialLikelihood:
        return PartialLikelihood(self.event, times, self.groups, self.ties)

    def _ever_at_risk(self) -> np.ndarray:
        """Places of the subjects who are at risk at an event of their group."""
        if self.time_days is None:
            return np.arange(len(self.event))
        return np.sort(self._partial(self.time_days).ever_at_risk)

    def _comparisons(self, design: np.ndarray) -> np.ndarray:
        """Rows that no direction in which the likelihood climbs makes negative."""
        if self.time_days is None:
            return np.asarray(np.where(self.event, 1.0, -1.0)[:, None] * design)
        return self._partial(self.time_days).comparisons(design)


def _outer(values: np.ndarray) -> np.ndarray:
    return np.outer(values, values)


def _means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Mean of the own group, of each row and column; no effect depends on it."""
    means = np.empty(values.shape)
    for group in np.unique(groups):
        rows = groups == group
        means[rows] = values[rows].mean(axis=0)
    return means
