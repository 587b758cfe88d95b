"""Fit of a penalized model: elastic net or ridge, and its rescues."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from ...errors import FitError
from ...folds.subject_table import COVARIATE
from ...statistics.existence import Standardized, require_overlap
from ...statistics.row_space import RowSpace
from .elastic_net import path
from .elastic_net.problem import Problem
from .optimizer import minimise, require_optimum
from .path_fits import PathFits

#: Ridge that unpenalized columns get when the fit fails without it.
RESCUE = 1e-3


class Penalized(PathFits):
    """Common base of both models: what of the outcome is theirs, they tell.

    Minimizes the mean negative log-likelihood plus ``penalty * sum(factor *
    (l1_share * abs(coef) + (1 - l1_share) / 2 * coef ** 2))``, where the factor is 0
    for the columns in `unpenalized` and 1 for all others.
    """

    def __init__(
        self,
        penalty: float = 0.1,
        unpenalized: Sequence[str] = (),
        l1_share: float = 0.0,
    ) -> None:
        self.penalty = penalty
        self.unpenalized = unpenalized
        self.l1_share = l1_share

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Any:
        """Find the optimum; FitError unless its gradient confirms it.

        Without an optimum (a covariate that separates the outcomes, or that others
        determine; see `existence`) the unpenalized columns get a ridge of 0.001, and
        where an elastic net does not converge it becomes a ridge; `rescue_` says why.
        """
        names = np.array([str(name) for name in X.columns])
        return self.fit_values(names, X.to_numpy(dtype=float), y)

    def fit_values(self, names: np.ndarray, values: np.ndarray, y: np.ndarray) -> Any:
        """As `fit`, of named columns (p,) with values (n, p)."""
        self.feature_names_in_ = names
        values = np.ascontiguousarray(values)
        self._prepare(values, y)
        free = np.isin(self.feature_names_in_, list(self.unpenalized))
        ridge = np.where(free, 0.0, float(self.penalty))
        self._unconverged = ""
        reasons = []
        try:
            self._optimize(values, ridge)
        except FitError as error:
            if not free.any():
                raise
            reasons = [f"unpenalized terms got a ridge of {RESCUE:g}: {error}"]
            self._unconverged = ""
            self._optimize(values, np.where(free, RESCUE, ridge))
        if self._unconverged:
            reasons.append(f"the elastic net became a ridge: {self._unconverged}")
        self.rescue_ = "; ".join(reasons)
        return self

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Linear predictor of each row; larger means the event is likelier."""
        names = list(self.feature_names_in_)
        rows = X if list(X.columns) == names else X[names]
        return self.scores_of(rows.to_numpy(dtype=float))

    def scores_of(self, values: np.ndarray) -> np.ndarray:
        """Linear predictor of each row of values (n, p), columns as fitted."""
        values = np.ascontiguousarray(values)
        return np.asarray((values * self.coef_).sum(axis=1) + self.intercept_)

    def estimates(self) -> dict[str, Any]:
        """Parameters and everything that `fit` learnt, as values for JSON."""
        return {
            "kind": type(self).__name__,
            "penalty": float(self.penalty),
            "l1_share": float(self.l1_share),
            "terms": self.feature_names_in_.tolist(),
            "unpenalized": list(self.unpenalized),
            "coefficients": np.asarray(self.coef_).tolist(),
            "intercept": float(self.intercept_),
            "kkt_residual": float(self.kkt_residual_),
            "rescue": self.rescue_,
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted model that gave these estimates; its scores are bit-equal."""
        model = cls(
            found["penalty"], tuple(found["unpenalized"]), found.get("l1_share", 0.0)
        )
        model.feature_names_in_ = np.array(found["terms"], dtype=str)
        model.coef_ = np.asarray(found["coefficients"], dtype=float)
        model.intercept_ = found["intercept"]
        model.kkt_residual_, model.rescue_ = found["kkt_residual"], found["rescue"]
        return model

    def _optimize(self, X: np.ndarray, ridge: np.ndarray) -> None:
        """Find the optimum, and make sure that the columns without a ridge have one."""
        names, columns = self._without_ridge(X, ridge)
        try:
            self._descend(X, ridge)
        except FitError:
            require_overlap(self._comparisons(columns), names)
            raise
        self._require_existing(X, names, columns)

    def _without_ridge(
        self, X: np.ndarray, ridge: np.ndarray
    ) -> tuple[list[str], np.ndarray]:
        """Names (q,) and standardized values (n, q) of the columns without a ridge.

        FitError if they determine each other.
        """
        free = ridge == 0
        names = [n.removeprefix(COVARIATE) for n in self.feature_names_in_[free]]
        if not names:
            return names, X[:, free]
        informing, strata = self._informing(), self._strata()
        return names, Standardized.of(X[:, free], names, informing, strata).values

    def _require_existing(
        self, X: np.ndarray, names: list[str], columns: np.ndarray
    ) -> None:
        """FitError if the fit that was found can only be on the way to infinity."""
        if names and not self._surely_curved(X, columns):
            require_overlap(self._comparisons(columns), names)

    def _strata(self) -> np.ndarray | None:
        """Strata (n,), differences between which do not inform; None without."""
        return None

    def _descend(self, X: np.ndarray, ridge: np.ndarray) -> None:
        if self.l1_share and self.penalty:
            try:
                self._descend_to_zeros(X, ridge)
                return
            except FitError as error:
                self._unconverged = str(error)
        shared = (ridge == self.penalty) & (ridge > 0)
        if shared.sum() > len(X):
            self._optimize_in_row_space(X, ridge, shared)
        else:
            self._unpack(*self._minimum(X, ridge))

    def _descend_to_zeros(self, X: np.ndarray, ridge: np.ndarray) -> None:
        found = path.solution(self._problem(X, ridge), self.penalty)
        self._unpack(found.coefficients, found.kkt_residual)

    def _problem(self, X: np.ndarray, ridge: np.ndarray) -> Problem:
        """Elastic net; the ridge (p,) tells which columns are free, or rescued."""
        free = np.isin(self.feature_names_in_, list(self.unpenalized))
        n_first = len(self._start(0))  # 1 where there is an intercept
        columns = np.column_stack([np.ones((len(X), n_first)), X])
        return Problem(
            self._likelihood_of_rows(),
            np.asfortranarray(columns),
            np.concatenate([np.zeros(n_first), np.where(free, 0.0, 1.0)]),
            self.l1_share,
            np.concatenate([np.zeros(n_first), np.where(free, ridge, 0.0)]),
        )

    def _minimum(self, X: np.ndarray, ridge: np.ndarray) -> tuple[np.ndarray, float]:
        return minimise(
            lambda point: self._penalized(X, ridge, point), self._start(X.shape[1])
        )

    def _optimize_in_row_space(
        self, X: np.ndarray, ridge: np.ndarray, shared: np.ndarray
    ) -> None:
        """More penalized columns than rows: Newton's method in as many as rows.

        A step costs n^3 in place of p^3. Up to as many columns as rows there would be
        no fewer coordinates to gain, and other rounding errors. The optimality
        condition is that of the columns themselves.
        """
        space = RowSpace.of(X, shared)
        reduced = space.reduced(X)
        found, _ = self._minimum(reduced, space.reduced_ridge(ridge))
        n_intercepts = len(found) - reduced.shape[1]
        coefficients = space.coefficients(found[n_intercepts:])
        point = np.concatenate([found[:n_intercepts], coefficients])
        gradient = self._mean_slope(X, point)
        gradient[n_intercepts:] += ridge * coefficients
        self._unpack(point, require_optimum(gradient))
