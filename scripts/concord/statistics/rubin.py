"""Rubin's rules: estimates from several imputations as one, with its variance."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pooled:
    """One estimate per term of those from m imputations; all arrays (p,).

    Variances are NaN where those of the single imputations are unknown.
    """

    estimate: np.ndarray
    within: np.ndarray  # mean of the variances of single imputations
    between: np.ndarray  # variance of the estimates over the imputations
    total: np.ndarray
    degrees_of_freedom: np.ndarray  # of the t distribution; inf without `between`

    def known_degrees_of_freedom(self) -> np.ndarray:
        """Degrees of freedom, NaN where they are infinite or not known."""
        found = self.degrees_of_freedom
        return np.where(np.isfinite(found), found, np.nan)


def pooled(estimates: np.ndarray, variances: np.ndarray) -> Pooled:
    """Estimates and variances of m imputations pooled by Rubin's rules [1]_.

    Parameters
    ----------
    estimates, variances : ndarray of float, shape (m, p)
        Estimate and its squared standard error in each imputation, m > 1.

    Returns
    -------
    Pooled
        The total variance is ``within + (1 + 1 / m) * between``.

    References
    ----------
    .. [1] Rubin, D. B. (1987). "Multiple Imputation for Nonresponse in Surveys".
           Wiley, New York. https://doi.org/10.1002/9780470316696
    """
    m = len(estimates)
    within = variances.mean(axis=0)
    between = estimates.var(axis=0, ddof=1)
    added = (1.0 + 1.0 / m) * between
    ratio = np.full(len(added), np.inf)
    np.divide(within, added, out=ratio, where=added > 0)
    return Pooled(
        estimates.mean(axis=0),
        within,
        between,
        within + added,
        (m - 1) * (1.0 + ratio) ** 2,
    )
