"""Standardized scores combined to one linear predictor, by learnt weights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import FitError
from ...statistics import targets
from ...statistics.outcome_kinds import OutcomeKind
from ..estimators.bounded import minimise_above
from ..estimators.optimizer import Point
from ..estimators.outcome_likelihood import likelihood_of
from ..settings.fusion import MEAN, STACKING, FusionRule

#: Ridge of the weights, beside the mean negative log-likelihood: there is always one
#: optimum, and it is small against what 20 subjects tell.
RIDGE = 1e-3
#: Least slope of the mean, so that the combined score keeps its order.
LEAST_SLOPE = 0.01
NO_WEIGHT = (
    "no member has a weight above 0 out of inner folds; their mean takes the place of "
    "the weighted sum"
)
NO_SLOPE = (
    "the mean of the members does not predict the outcome out of inner folds; its "
    f"slope is the least accepted, {LEAST_SLOPE:g}"
)


@dataclass(frozen=True)
class Combination:
    """Weights of members' standardized scores, and the intercept of their sum.

    By the rule "mean" the weights are equal, and where a member is missing those of
    the others are raised to the same sum; by "stacking" it counts as 0, the
    mean of development.
    """

    rule: FusionRule
    intercept: float
    weights: np.ndarray  # (members,), none negative
    kkt_residual: float = 0.0
    rescue: str = ""

    def scores(self, standardized: np.ndarray) -> np.ndarray:
        """Linear predictor of rows (n, members), NaN where a member is missing.

        NaN where all of them are.
        """
        present = np.isfinite(standardized)
        n_present = present.sum(axis=1)
        total = (np.where(present, standardized, 0.0) * self.weights).sum(axis=1)
        if self.rule == MEAN:
            total = total * (len(self.weights) / np.maximum(n_present, 1))
        return np.where(n_present > 0, self.intercept + total, np.nan)


def in_sd(scores: Any, mean: float, sd: float) -> Any:
    """Scores less their mean in development, in SD; 0 where it has no spread."""
    return (scores - mean) / sd if sd > 0 else 0.0 * scores


def fit_combination(
    standardized: np.ndarray, y: np.ndarray, outcome: OutcomeKind, rule: FusionRule
) -> Combination:
    """Weights of members that maximize the likelihood of scores out of inner folds.

    The mean negative log-likelihood, logistic or of Cox, plus half of 0.001 times the
    sum of squared weights is minimized over weights of 0 or more [1]_ [2]_; by the rule
    "mean" over the one slope of the mean, which is at least 0.01. If all weights
    are 0, the members are averaged, and `rescue` says so.

    Parameters
    ----------
    standardized : ndarray of float, shape (n, members)
        Scores that members gave to subjects they were not fitted to, in SD of their
        own development; NaN where a subject lacks a member, never in a whole row.
    y : ndarray, shape (n,)
        Outcomes, as `OutcomeKind.target` gives them.
    outcome : OutcomeKind
        Kind of the outcome.
    rule : {"mean", "stacking"}
        Rule of the combination.

    Raises
    ------
    FitError
        If outcomes are all alike, or the optimum is not confirmed by its gradient.

    References
    ----------
    .. [1] Breiman, L. (1996). "Stacked regressions". Machine Learning, 24, 49-64.
           https://doi.org/10.1007/BF00117832
    .. [2] van der Laan, M. J. et al. (2007). "Super learner". SAGMB, 6, 25.
           https://doi.org/10.2202/1544-6115.1309
    """
    _require_events(y, outcome)
    if rule == STACKING:
        point, residual = _fitted(np.nan_to_num(standardized), y, outcome, 0.0)
        if (point[1:] > 0).any():
            return Combination(rule, float(point[0]), point[1:], residual)
    mean = np.nanmean(standardized, axis=1, keepdims=True)
    point, residual = _fitted(mean, y, outcome, LEAST_SLOPE)
    n_members = standardized.shape[1]
    weights = np.full(n_members, point[1] / n_members)
    least = NO_SLOPE if point[1] <= LEAST_SLOPE else ""
    rescue = NO_WEIGHT if rule == STACKING else least
    return Combination(MEAN, float(point[0]), weights, residual, rescue)


def _require_events(y: np.ndarray, outcome: OutcomeKind) -> None:
    """Raise FitError if no event, or of a binary outcome nothing else, is there."""
    n, n_events = len(y), int(targets.event(y).sum())
    if n_events == 0 or (n_events == n and not outcome.has_times):
        raise FitError(
            f"the members scored {n} subjects out of inner folds, {n_events} of them "
            "with the event; weights cannot be learnt. Use fewer inner folds."
        )


def _fitted(
    columns: np.ndarray, y: np.ndarray, outcome: OutcomeKind, least: float
) -> tuple[np.ndarray, float]:
    """Intercept (0 if there is none) and coefficients of `least` or more."""
    free = not outcome.has_times
    design = np.column_stack([np.full(len(columns), float(free)), columns])
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 0.0 if free else 1.0  # without an intercept it stays at 0
    lowest = np.full(design.shape[1], least)
    lowest[0] = -np.inf
    objective = _objective(design, ridge, y)
    return minimise_above(objective, lowest, np.maximum(lowest, 0.0))


def _objective(
    design: np.ndarray, ridge: np.ndarray, y: np.ndarray
) -> Callable[[np.ndarray], Point]:
    """Penalized mean negative log-likelihood with its gradient and Hessian."""
    likelihood = likelihood_of(y)

    def at(point: np.ndarray) -> Point:
        here = likelihood.at(design @ point)
        value = here.value + 0.5 * float((ridge * point**2).sum())
        gradient = design.T @ here.slope() + ridge * point
        return value, gradient, here.hessian(design) + np.diag(ridge)

    return at
