"""Elastic net as a problem: likelihood, columns, and the conditions of its optimum."""

from dataclasses import dataclass, replace

import numpy as np

from ....errors import FitError
from .likelihoods import Likelihood

#: Largest departure from the conditions of the optimum, of the columns as given.
ACCEPTED = 1e-7


@dataclass(frozen=True)
class Problem:
    """Likelihood, columns, and how each coefficient is penalized.

    Minimized is the mean negative log-likelihood plus
    ``penalty * sum(factor * (l1_share * abs(b) + (1 - l1_share) / 2 * b ** 2))``
    plus ``sum(always / 2 * b ** 2)``.

    Parameters
    ----------
    likelihood : Likelihood
    columns : ndarray of float, shape (n, p)
        Column-major (Fortran) order is the fastest.
    factor : ndarray of float, shape (p,)
        Not negative; 0 for coefficients that are not penalized.
    l1_share : float
        From 0 (ridge) to 1 (lasso).
    always : float or ndarray of float, shape (p,)
        Ridge that does not change with the penalty.
    """

    likelihood: Likelihood
    columns: np.ndarray
    factor: np.ndarray
    l1_share: float
    always: float | np.ndarray = 0.0

    def at(self, penalty: float) -> "Penalized":
        """The problem at one penalty."""
        ridge = penalty * (1.0 - self.l1_share) * self.factor + self.always
        return Penalized(self, penalty * self.l1_share * self.factor, ridge)

    def only(self, chosen: np.ndarray) -> "Problem":
        """The problem of some columns, bool (p,), without all others."""
        always = np.broadcast_to(self.always, chosen.shape)
        return replace(
            self,
            columns=self.columns[:, chosen],
            factor=self.factor[chosen],
            always=always[chosen],
        )


@dataclass(frozen=True)
class Penalized:
    """A problem at one penalty.

    Parameters
    ----------
    problem : Problem
    absolute : ndarray of float, shape (p,)
        Weight of the absolute value of each coefficient.
    ridge : ndarray of float, shape (p,)
        Weight of half the square of each coefficient.
    """

    problem: Problem
    absolute: np.ndarray
    ridge: np.ndarray

    def cost(self, coefficients: np.ndarray, chosen: np.ndarray | slice) -> float:
        """Penalty of the chosen coefficients."""
        squares = self.ridge[chosen] @ coefficients**2 / 2
        return float(self.absolute[chosen] @ np.abs(coefficients) + squares)

    def departures(self, gradient: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """Departure of each coefficient (p,) from the conditions of an optimum (KKT).

        `gradient` (p,) is that of the likelihood alone.
        """
        return departures(gradient, coefficients, self.absolute, self.ridge)


def departures(
    gradient: np.ndarray,
    coefficients: np.ndarray,
    absolute: np.ndarray,
    ridge: np.ndarray,
) -> np.ndarray:
    """Departures (p,) from the conditions of an optimum; see `Penalized`."""
    slope = gradient + ridge * coefficients
    at_zero = np.maximum(np.abs(slope) - absolute, 0.0)
    elsewhere = np.abs(slope + absolute * np.sign(coefficients))
    return np.where(coefficients == 0, at_zero, elsewhere)


@dataclass(frozen=True)
class Solution:
    """Coefficients (p,) at a penalty, and what confirms them."""

    penalty: float
    coefficients: np.ndarray
    linear: np.ndarray  # predictor of each row, shape (n,)
    gradient: np.ndarray  # of the likelihood alone, shape (p,)
    kkt_residual: float  # largest departure from the conditions of the optimum
    value: float  # mean negative log-likelihood


def require_optimum(residual: float, accepted: float, penalty: float) -> float:
    """The largest departure from the conditions; FitError if it is too large."""
    if not residual <= accepted:
        raise FitError(
            f"the fit did not converge at the penalty {penalty:g}: departure from the "
            f"conditions of an optimum {residual:.1e}, accepted {accepted:.0e}. Use a "
            "larger penalty."
        )
    return residual
