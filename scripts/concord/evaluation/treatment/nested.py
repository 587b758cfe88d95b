"""Nested models of treatment and marker, with and without their interaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .fits import Fit
from .subjects import Subjects

TREATMENT = "the treatment"


@dataclass(frozen=True)
class Nested:
    """A model with the interaction, and what it gains over the one without.

    Attributes
    ----------
    fit : Fit
        Columns: treatment, marker (k), treatment times marker (k), adjustment.
    chi_squared : float
        Twice the gain in log-likelihood.
    df : int
        Columns of the marker, k.
    """

    fit: Fit
    chi_squared: float
    df: int

    @classmethod
    def of(
        cls, subjects: Subjects, marker: np.ndarray, names: Sequence[str]
    ) -> "Nested":
        """Both models of named columns (n, k) of a marker.

        Raises
        ------
        FitError
            If one of them has no maximum of its likelihood.

        References
        ----------
        Wilks, S. S. (1938). "The large-sample distribution of the likelihood ratio for
        testing composite hypotheses". Ann Math Stat, 9, 60-62.
        https://doi.org/10.1214/aoms/1177732360
        """
        treatment = subjects.treatment[:, None]
        product = treatment * marker
        products = [f"{TREATMENT} by {name}" for name in names]
        others = subjects.adjusted.to_numpy(dtype=float)
        known = [str(name) for name in subjects.adjusted]
        outcomes = subjects.outcomes
        without = outcomes.fit(
            np.hstack([treatment, marker, others]), [TREATMENT, *names, *known]
        )
        whole = outcomes.fit(
            np.hstack([treatment, marker, product, others]),
            [TREATMENT, *names, *products, *known],
        )
        gain = 2 * (whole.log_likelihood - without.log_likelihood)
        return cls(whole, max(0.0, gain), marker.shape[1])

    @property
    def p_value(self) -> float:
        """Probability of such a gain, or a larger one, without an interaction."""
        from scipy.special import chdtrc

        return float(chdtrc(self.df, self.chi_squared))

    def marker_effect(self, column: int, treated: float) -> tuple[float, float]:
        """Log ratio per unit of a column of the marker and its standard error.

        `treated` is 0 for controls and 1 for treated subjects.
        """
        weights = self._weights()
        weights[1 + column], weights[1 + self.df + column] = 1.0, treated
        return self._contrast(weights)

    def interaction(self, column: int) -> tuple[float, float]:
        """Log ratio of the effects in treated and in controls, and its error."""
        weights = self._weights()
        weights[1 + self.df + column] = 1.0
        return self._contrast(weights)

    def treatment_effect(self, marker: np.ndarray) -> tuple[float, float]:
        """Log ratio of treated and controls at a marker (k,), and its error."""
        weights = self._weights()
        weights[0], weights[1 + self.df : 1 + 2 * self.df] = 1.0, marker
        return self._contrast(weights)

    def _weights(self) -> np.ndarray:
        return np.zeros(len(self.fit.coefficients))

    def _contrast(self, weights: np.ndarray) -> tuple[float, float]:
        variance = weights @ self.fit.covariance @ weights
        return float(weights @ self.fit.coefficients), float(np.sqrt(variance))
