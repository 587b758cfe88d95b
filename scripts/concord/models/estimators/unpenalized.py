"""Logistic and Cox models without a penalty, or with Firth's for few events."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from ...errors import FitError
from ...folds.subject_table import COVARIATE
from ...statistics import targets
from ...statistics.existence import Standardized
from .firth import CoxRows, LogisticRows, Objective
from .named_columns import LinearScore, LogOdds, require_both_outcomes
from .partial_likelihood import PartialLikelihood
from .penalized import RidgeCox, RidgeLogistic
from .risk_sets import Ties


class Unpenalized(LinearScore):
    """Common base of both models.

    Without Firth's penalty it is the likeliest model. Where there is none (columns that
    separate the outcomes, or determine each other) all columns get the ridge of
    0.001 that unpenalized covariates get, and `rescue_` says why. Firth's penalty needs
    no rescue from separation; columns that determine each other are refused.

    Parameters
    ----------
    firth : bool
        Maximize the likelihood with Firth's penalty.

    Attributes
    ----------
    standard_errors_ : ndarray of float, shape (p,), or None
        Of the coefficients, by the information at the optimum; None of a model that
        was rescued, and of weighted rows, for which they would not hold.
    intervals_ : ndarray of float, shape (p, 2), or None
        Profile likelihood intervals, once `find_intervals` was asked.
    kkt_residual_ : float
        Largest gradient of the mean log-likelihood at the optimum.
    """

    standard_errors_: np.ndarray | None
    intervals_: np.ndarray | None

    def __init__(self, firth: bool = False) -> None:
        self.firth = firth

    @property
    def unpenalized(self) -> tuple[str, ...]:
        """All columns."""
        return tuple(self.feature_names_in_)

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Self:
        """Find the optimum; FitError unless its gradient confirms it."""
        self.feature_names_in_ = names
        self.standard_errors_ = self.intervals_ = None
        values = np.ascontiguousarray(values)
        objective = self._objective(values, y)
        if self.firth:
            self._require_independent(values, y)
            point, residual = objective.minimum()
            self.rescue_ = ""
        else:
            point, residual, self.rescue_ = self._likeliest(values, y)
        self._unpack(point, residual)
        if not self.rescue_ and targets.weight(y) is None:
            errors = objective.standard_errors(point)
            self.standard_errors_ = errors[len(errors) - len(names) :]
        return self

    def find_intervals(self, values: np.ndarray, y: np.ndarray) -> None:
        """Profile likelihood intervals of the coefficients, of the rows of the fit."""
        if self.standard_errors_ is None:
            return
        objective = self._objective(np.ascontiguousarray(values), y)
        point = self._point()
        first = len(point) - len(self.coef_)
        found = [objective.interval(point, n) for n in range(first, len(point))]
        self.intervals_ = np.array(found).reshape(len(found), 2)

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        return {
            "kind": type(self).__name__,
            "parameters": self.get_params(deep=False),
            "terms": self.feature_names_in_.tolist(),
            "coefficients": self.coef_.tolist(),
            "intercept": float(self.intercept_),
            "standard_errors": _listed(self.standard_errors_),
            "intervals": _listed(self.intervals_),
            "kkt_residual": float(self.kkt_residual_),
            "rescue": self.rescue_,
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted model that gave these estimates; its scores are bit-equal."""
        model = cls(**found["parameters"])
        model.feature_names_in_ = np.array(found["terms"], dtype=str)
        model.coef_ = np.asarray(found["coefficients"], dtype=float)
        model.intercept_ = found["intercept"]
        model.standard_errors_ = _array(found["standard_errors"])
        model.intervals_ = _array(found["intervals"])
        model.kkt_residual_, model.rescue_ = found["kkt_residual"], found["rescue"]
        return model

    def _objective(self, X: np.ndarray, y: np.ndarray) -> Objective:
        raise NotImplementedError

    def _likeliest(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, str]:
        """The optimum without Firth's penalty, its gradient and the rescue."""
        raise NotImplementedError

    def _unpack(self, point: np.ndarray, residual: float) -> None:
        self.coef_, self.kkt_residual_ = point, residual

    def _point(self) -> np.ndarray:
        return self.coef_

    def _require_independent(self, X: np.ndarray, y: np.ndarray) -> None:
        names = [str(n).removeprefix(COVARIATE) for n in self.feature_names_in_]
        if names:
            Standardized.of(X, names, self._informing(y), targets.stratum(y))

    def _informing(self, y: np.ndarray) -> np.ndarray:
        return np.arange(len(y))


class UnpenalizedLogistic(Unpenalized, LogOdds):
    """Logistic regression with an intercept; see `Unpenalized`."""

    def _objective(self, X: np.ndarray, y: np.ndarray) -> Objective:
        event, weight = targets.event(y), targets.weight(y)
        weights = np.ones(len(event)) if weight is None else weight
        require_both_outcomes(event[weights > 0])
        design = np.column_stack([np.ones(len(X)), X])
        rows = LogisticRows(design, event.astype(float), weights)
        return Objective(rows, float(weights.sum()), self.firth)

    def _likeliest(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, str]:
        names = self.feature_names_in_
        model = RidgeLogistic(0.0, tuple(names)).fit_values(names, X, y)
        point = np.concatenate([[model.intercept_], model.coef_])
        return point, model.kkt_residual_, model.rescue_

    def _unpack(self, point: np.ndarray, residual: float) -> None:
        self.intercept_, self.kkt_residual_ = float(point[0]), residual
        self.coef_ = point[1:]

    def _point(self) -> np.ndarray:
        return np.concatenate([[self.intercept_], self.coef_])


class UnpenalizedCox(Unpenalized):
    """Cox's proportional hazards model, with strata if the outcome has them.

    Parameters
    ----------
    firth : bool
        Maximize the partial likelihood with Firth's penalty.
    ties : str
        Treatment of events at one time: efron or breslow.
    """

    def __init__(self, firth: bool = False, ties: Ties = "efron") -> None:
        super().__init__(firth)
        self.ties = ties

    def _objective(self, X: np.ndarray, y: np.ndarray) -> Objective:
        event, time = targets.event(y), targets.time(y)
        if time is None or not event.any():
            raise FitError(
                f"the development rows hold no event in {len(event)} subjects. Use "
                "fewer folds."
            )
        rows = CoxRows.of(X, event, time, targets.stratum(y), self.ties)
        return Objective(rows, float(len(X)), self.firth)

    def _likeliest(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, str]:
        names = self.feature_names_in_
        model = RidgeCox(0.0, tuple(names), ties=self.ties).fit_values(names, X, y)
        return model.coef_, model.kkt_residual_, model.rescue_

    def _informing(self, y: np.ndarray) -> np.ndarray:
        """Rows of the subjects at risk at some event of their stratum."""
        return PartialLikelihood.of(y, self.ties).ever_at_risk


def _listed(values: np.ndarray | None) -> list[Any] | None:
    """Values for JSON, which has no NaN."""
    if values is None:
        return None
    found: list[Any] = values.astype(object).tolist()
    return [_known(value) for value in found]


def _known(value: Any) -> Any:
    """A number or None in place of NaN; of a list, each of its items."""
    if isinstance(value, list):
        return [_known(item) for item in value]
    return None if np.isnan(value) else float(value)


def _array(values: list[Any] | None) -> np.ndarray | None:
    return None if values is None else np.asarray(values, dtype=float)
