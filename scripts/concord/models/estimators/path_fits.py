"""Fits of a penalized model along penalties that fall."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone

from ...errors import FitError
from .elastic_net import path
from .elastic_net.problem import Problem, Solution


class PathFits(BaseEstimator):  # type: ignore[misc]
    """Base of penalized models that can be fitted at many penalties."""

    penalty: float
    unpenalized: Sequence[str]
    l1_share: float
    feature_names_in_: np.ndarray
    rescue_: str

    def largest_penalty(self, X: pd.DataFrame, y: np.ndarray) -> float:
        """Smallest penalty that leaves no penalized column; 0 if there is none.

        For a ridge, which leaves all, that of an elastic net with an L1 share of 0.001.
        """
        self._begin(X, y)
        values = np.ascontiguousarray(X.to_numpy(dtype=float))
        if np.isin(self.feature_names_in_, list(self.unpenalized)).all():
            return 0.0
        return path.largest_penalty(self._problem(values, self._ridge()))

    def fits_along(
        self, X: pd.DataFrame, y: np.ndarray, penalties: Sequence[float]
    ) -> list[Self]:
        """Fits to the same rows at penalties that fall, to be compared.

        Their conditions hold to `path.LOOSE`; where they fail or the optimum may not
        exist, each is fitted by itself, with its rescue.
        """
        fits = [clone(self).set_params(penalty=one) for one in penalties]
        self._begin(X, y)
        try:
            found = self._solutions(X.to_numpy(dtype=float), penalties)
        except FitError:
            return [fit.fit(X, y) for fit in fits]
        for fit, one in zip(fits, found, strict=True):
            fit.feature_names_in_, fit.rescue_ = self.feature_names_in_, ""
            fit._unpack(one.coefficients, one.kkt_residual)
        return fits

    def _solutions(self, X: np.ndarray, penalties: Sequence[float]) -> list[Solution]:
        """Solutions at penalties that fall, which exist without a rescue."""
        if not all(penalties):
            raise FitError("without a penalty there is no path.")
        X, ridge = np.ascontiguousarray(X), self._ridge()
        names, columns = self._without_ridge(X, ridge)
        tolerances = [path.TIGHT] + [path.LOOSE] * (len(penalties) - 1)
        found = path.solutions(self._problem(X, ridge), penalties, tolerances)
        for one in found[:1]:
            self._unpack(one.coefficients, one.kkt_residual)
            self._require_existing(X, names, columns)
        return found

    def _begin(self, X: pd.DataFrame, y: np.ndarray) -> None:
        self.feature_names_in_ = np.array([str(name) for name in X.columns])
        self._prepare(np.ascontiguousarray(X.to_numpy(dtype=float)), y)

    def _ridge(self) -> np.ndarray:
        """Ridge of each column (p,): none of the unpenalized ones."""
        free = np.isin(self.feature_names_in_, list(self.unpenalized))
        return np.where(free, 0.0, float(self.penalty))

    @abstractmethod
    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Any:
        """Fit at one penalty."""

    @abstractmethod
    def _prepare(self, X: np.ndarray, y: np.ndarray) -> None: ...

    @abstractmethod
    def _problem(self, X: np.ndarray, ridge: np.ndarray) -> Problem: ...

    @abstractmethod
    def _without_ridge(
        self, X: np.ndarray, ridge: np.ndarray
    ) -> tuple[list[str], np.ndarray]: ...

    @abstractmethod
    def _require_existing(
        self, X: np.ndarray, names: list[str], columns: np.ndarray
    ) -> None: ...

    @abstractmethod
    def _unpack(self, point: np.ndarray, kkt_residual: float) -> None: ...
