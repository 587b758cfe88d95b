"""Likelihoods as functions of the linear predictor of each row."""

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np


class Place(Protocol):
    """A mean negative log-likelihood at a linear predictor (n,)."""

    @property
    def value(self) -> float:
        """The function itself."""
        ...

    def slope(self) -> np.ndarray:
        """Its derivative by the linear predictor of each row, shape (n,)."""
        ...

    def hessian(self, columns: np.ndarray) -> np.ndarray:
        """Its second derivative by the coefficients of columns (n, p), (p, p)."""
        ...


class Likelihood(ABC):
    """Mean negative log-likelihood as a function of the linear predictor (n,)."""

    @property
    @abstractmethod
    def best(self) -> float:
        """Value that no linear predictor goes below."""

    @abstractmethod
    def at(self, linear: np.ndarray) -> Place:
        """The function at a linear predictor (n,)."""

    def value(self, linear: np.ndarray) -> float:
        """Mean negative log-likelihood at a linear predictor (n,)."""
        return self.at(linear).value

    def slope(self, linear: np.ndarray) -> np.ndarray:
        """Derivative by the linear predictor of each row, shape (n,)."""
        return self.at(linear).slope()

    def hessian(self, columns: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Second derivative by the coefficients of columns (n, p), shape (p, p)."""
        return self.at(linear).hessian(columns)


class LogisticLikelihood(Likelihood):
    """Mean negative log-likelihood of a 0/1 outcome; the intercept is a column.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
    weight : ndarray of float, shape (n,), optional
        Weight of each row, as if it were there so many times.
    """

    best = 0.0

    def __init__(self, event: np.ndarray, weight: np.ndarray | None = None) -> None:
        self.event = np.asarray(event, dtype=float)
        counts = np.ones(len(self.event)) if weight is None else np.asarray(weight)
        self.share = counts / counts.sum()

    def at(self, linear: np.ndarray) -> "LogisticPlace":
        """The function at a linear predictor (n,)."""
        return LogisticPlace(self, linear)


class LogisticPlace:
    """A logistic likelihood at a linear predictor (n,); see `Place`."""

    def __init__(self, likelihood: LogisticLikelihood, linear: np.ndarray) -> None:
        event, self._share = likelihood.event, likelihood.share
        # exp(-|linear|) is all that value and probability need, and cannot overflow.
        small = np.exp(-np.abs(linear))
        terms = np.maximum(linear, 0.0) + np.log1p(small) - event * linear
        self.value = float(self._share @ terms)
        self._expected = np.where(linear >= 0, 1.0, small) / (1.0 + small)
        self._event = event

    def slope(self) -> np.ndarray:
        """Derivative by the linear predictor of each row, shape (n,)."""
        return np.asarray((self._expected - self._event) * self._share)

    def hessian(self, columns: np.ndarray) -> np.ndarray:
        """Second derivative by the coefficients of columns (n, p), shape (p, p)."""
        weight = self._expected * (1.0 - self._expected) * self._share
        weighted = columns * np.sqrt(weight)[:, None]
        return np.asarray(weighted.T @ weighted)
