"""Penalized logistic and Cox models with unpenalized covariates."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from ...errors import FitError
from ...statistics import targets
from ...statistics.existence import surely_curved
from .elastic_net.likelihoods import Likelihood, LogisticLikelihood
from .likelihood_shares import cox_share, logistic_score, logistic_share, penalized
from .optimizer import Point
from .partial_likelihood import PartialLikelihood
from .penalized_base import Penalized
from .risk_sets import Ties


def probability(scores: np.ndarray) -> np.ndarray:
    """Probability of the event at scores that are log odds, shape (n,)."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -700, 700))))


class RidgeLogistic(Penalized):
    """Logistic regression with an intercept; `y` is 0 or 1, or weighted.

    A row of weight 2 counts as two rows; see `targets`.

    Attributes
    ----------
    coef_ : ndarray of float, shape (p,)
        Log odds ratio per unit of each column.
    intercept_ : float
        Never penalized.
    kkt_residual_ : float
        Largest gradient of the penalized mean log-likelihood at the solution.
    rescue_ : str
        Why unpenalized columns were given a ridge; empty if they were not.
    """

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of no event and event, shape (n, 2)."""
        event = probability(self.decision_function(X))
        return np.column_stack([1.0 - event, event])

    def _prepare(self, X: np.ndarray, y: np.ndarray) -> None:
        self._event = targets.event(y).astype(float)
        self._count = targets.weight(y)
        counts = np.ones(len(y)) if self._count is None else self._count
        self._informs = np.flatnonzero(counts > 0)
        self._total = float(counts.sum())
        self.classes_ = np.array([0, 1])
        n_events = int(self._event[self._informs].sum())
        if not 0 < n_events < len(self._informs):
            raise FitError(
                f"the development rows hold {n_events} events in {len(self._informs)} "
                "subjects; both outcomes are needed. Use fewer folds."
            )

    def _start(self, n_columns: int) -> np.ndarray:
        start = np.zeros(n_columns + 1)
        share = np.average(self._event, weights=self._count)
        start[0] = np.log(share / (1 - share))
        return start

    def _penalized(self, X: np.ndarray, ridge: np.ndarray, point: np.ndarray) -> Point:
        share = logistic_share(X, self._event, point, self._total, self._count)
        return penalized(share, np.concatenate([[0.0], ridge]), point)

    def _mean_slope(self, X: np.ndarray, point: np.ndarray) -> np.ndarray:
        return logistic_score(X, self._event, point, self._count) / -self._total

    def _likelihood_of_rows(self) -> Likelihood:
        return LogisticLikelihood(self._event, self._count)

    def _informing(self) -> np.ndarray:
        return self._informs

    def _comparisons(self, columns: np.ndarray) -> np.ndarray:
        rows = self._informs
        sign = np.where(self._event[rows] == 1, 1.0, -1.0)[:, None]
        return np.hstack([sign, sign * columns[rows]])

    def _surely_curved(self, X: np.ndarray, columns: np.ndarray) -> bool:
        likelihood, linear = self._likelihood_of_rows(), self.scores_of(X)
        design = np.column_stack([np.ones(len(X)), columns])
        gradient = design.T @ likelihood.slope(linear)
        return surely_curved(design, gradient, likelihood.hessian(design, linear))

    def _unpack(self, point: np.ndarray, kkt_residual: float) -> None:
        self.intercept_, self.coef_ = float(point[0]), point[1:]
        self.kkt_residual_ = kkt_residual


class RidgeCox(Penalized):
    """Cox's proportional hazards model, with strata if the outcome has them.

    `y` is a structured array with the fields `event`, `time_days` and perhaps
    `stratum`; see `targets`.

    Parameters
    ----------
    penalty, unpenalized, l1_share
        See `Penalized`.
    ties : str
        Treatment of events at one time: efron or breslow.

    Attributes
    ----------
    coef_ : ndarray of float, shape (p,)
        Log hazard ratio per unit of each column.
    kkt_residual_ : float
        Largest gradient of the penalized mean log partial likelihood.
    rescue_ : str
        Why unpenalized columns were given a ridge; empty if they were not.
    """

    intercept_ = 0.0

    def __init__(
        self,
        penalty: float = 0.1,
        unpenalized: Sequence[str] = (),
        l1_share: float = 0.0,
        ties: Ties = "efron",
    ) -> None:
        super().__init__(penalty, unpenalized, l1_share)
        self.ties = ties

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        return {**super().estimates(), "ties": self.ties}

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted model that gave these estimates; its scores are bit-equal."""
        model = super().from_estimates(found)
        model.ties = found.get("ties", "efron")
        return model

    def _prepare(self, X: np.ndarray, y: np.ndarray) -> None:
        if not targets.event(y).any():
            raise FitError(
                f"the development rows hold no event in {len(y)} subjects. "
                "Use fewer folds."
            )
        self._of_strata = targets.stratum(y)
        self._likelihood = PartialLikelihood.of(y, self.ties)

    def _start(self, n_columns: int) -> np.ndarray:
        return np.zeros(n_columns)

    def _penalized(self, X: np.ndarray, ridge: np.ndarray, point: np.ndarray) -> Point:
        return penalized(cox_share(self._likelihood, X, point, len(X)), ridge, point)

    def _mean_slope(self, X: np.ndarray, point: np.ndarray) -> np.ndarray:
        return self._likelihood.score(X, point) / -len(X)

    def _likelihood_of_rows(self) -> Likelihood:
        return self._likelihood

    def _informing(self) -> np.ndarray:
        return self._likelihood.ever_at_risk

    def _strata(self) -> np.ndarray | None:
        return self._of_strata

    def _comparisons(self, columns: np.ndarray) -> np.ndarray:
        return self._likelihood.comparisons(columns)

    def _surely_curved(self, X: np.ndarray, columns: np.ndarray) -> bool:
        found = self._likelihood.derivatives_at(columns, self.scores_of(X))
        return surely_curved(columns, *(part / len(X) for part in found[1:]))

    def _unpack(self, point: np.ndarray, kkt_residual: float) -> None:
        self.coef_, self.kkt_residual_ = point, kkt_residual
