"""The logistic likelihood as a function of the linear predictor of each row."""

import numpy as np


class LogisticLikelihood:
    """Mean negative log-likelihood of a 0/1 outcome; the intercept is a column.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
    weight : ndarray of float, shape (n,), optional
        Weight of each row, as if it were there so many times.
    """

    def __init__(self, event: np.ndarray, weight: np.ndarray | None = None) -> None:
        self._event = np.asarray(event, dtype=float)
        counts = np.ones(len(self._event)) if weight is None else np.asarray(weight)
        self._share = counts / counts.sum()

    def value(self, linear: np.ndarray) -> float:
        """Mean negative log-likelihood."""
        return float(self._share @ (np.logaddexp(0.0, linear) - self._event * linear))

    def slope(self, linear: np.ndarray) -> np.ndarray:
        """Derivative by the linear predictor of each row, shape (n,)."""
        return np.asarray((_probability(linear) - self._event) * self._share)

    def hessian(self, columns: np.ndarray, linear: np.ndarray) -> np.ndarray:
        """Second derivative by the coefficients of columns (n, p), shape (p, p)."""
        expected = _probability(linear)
        weight = expected * (1.0 - expected) * self._share
        return np.asarray((columns * weight[:, None]).T @ columns)


def _probability(linear: np.ndarray) -> np.ndarray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(linear, -700, 700))))
