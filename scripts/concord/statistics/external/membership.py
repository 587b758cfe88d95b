"""Membership model: how well predictors tell external from development subjects.

The c-statistic of a linear discriminant between both, from the mean and covariance of
development and the rows of the external subjects: no row of development is needed.
0.5 is that of two samples of one population, 1 that of two populations apart [1]_.

References
----------
.. [1] Debray, T. P. A., Vergouwe, Y., Koffijberg, H., Nieboer, D., Steyerberg, E. W.
       and Moons, K. G. M. (2015). "A new framework to enhance the interpretation of
       external validation studies of clinical prediction models". Journal of Clinical
       Epidemiology, 68, 279-289. https://doi.org/10.1016/j.jclinepi.2014.06.018
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, special

#: Exchangeable samples that the chance band is simulated with.
SIMULATED = 400
_NAN = float("nan")
#: Share of the largest variance below which a direction holds no information.
_RELATIVE = 1e-10


@dataclass(frozen=True)
class Moments:
    """Mean and covariance of the predictors of n subjects; p predictors."""

    mean: np.ndarray  # (p,)
    covariance: np.ndarray  # (p, p), of n - 1
    n: int


def membership(development: Moments, rows: np.ndarray) -> float:
    """C-statistic of the linear discriminant, each pair left out of it.

    For each pair of an external and a development subject the direction is found
    without the two, so that neither is judged by what was learnt from it; the
    covariance is that of all subjects together, in which both have the same part. The
    development subject, of whom only moments are known, is taken to be normal.

    Parameters
    ----------
    development : Moments
    rows : ndarray of float, shape (m, p)
        External subjects, no NaN.

    Returns
    -------
    float
        NaN if there are fewer than two subjects on either side, or no more subjects
        than predictors.
    """
    m, n, p = len(rows), development.n, rows.shape[1]
    if min(m, n) < 2 or not p or m + n <= p + 2:
        return _NAN
    away = rows - development.mean
    shift = away.mean(axis=0)
    inner = away - shift
    scatter = (n - 1) * development.covariance + inner.T @ inner
    scatter += n * m / (n + m) * np.outer(shift, shift)
    root = _inverse_root(scatter / (n + m - 1))
    away, own = away @ root, root.T @ development.covariance @ root
    # Mean of the others, for each external subject.
    direction = (m * away.mean(axis=0) - away) / (m - 1)
    # The development subject z moves its own mean by -z / (n - 1): the margin is
    # (direction + z / (n - 1)) (away - z), linear and quadratic in z.
    margin = (direction * away).sum(axis=1) - np.trace(own) / (n - 1)
    slope = direction - away / (n - 1)
    variance = np.einsum("ij,jk,ik->i", slope, own, slope)
    variance += 2 * np.trace(own @ own) / (n - 1) ** 2
    return float(special.ndtr(margin / np.sqrt(variance)).mean())


def chance_band(
    n: int, m: int, p: int, confidence: float, seed: int
) -> tuple[float, float]:
    """Central share of `membership` over exchangeable normal samples; NaN if undefined.

    The statistic does not depend on the units or correlations of predictors, so that
    standard normal ones stand for all.

    Parameters
    ----------
    n, m, p : int
        Development subjects, external ones (clusters), and predictors.
    confidence : float
        Such as 0.95.
    seed : int
    """
    if min(n, m) < 2 or not p or m + n <= p + 2:
        return _NAN, _NAN
    generator = np.random.default_rng(seed)
    found = [
        membership(_sampled(n, p, generator), generator.standard_normal((m, p)))
        for _ in range(SIMULATED)
    ]
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(found, [tail, 1 - tail])
    return float(lower), float(upper)


def _sampled(n: int, p: int, generator: np.random.Generator) -> Moments:
    """Moments of n standard normal rows: those of Wishart's distribution (Bartlett)."""
    lower = np.tril(generator.standard_normal((p, p)), -1)
    degrees = np.maximum(n - 1 - np.arange(p), 1)
    lower[np.diag_indices(p)] = np.sqrt(generator.chisquare(degrees))
    mean = generator.standard_normal(p) / np.sqrt(n)
    return Moments(mean, lower @ lower.T / (n - 1), n)


def _inverse_root(covariance: np.ndarray) -> np.ndarray:
    """Matrix that makes known directions uncorrelated, (p, r); others are left out."""
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scale = np.where(scale > 0, scale, 1.0)
    values, vectors = linalg.eigh(covariance / np.outer(scale, scale))
    known = values > _RELATIVE * max(values.max(), 1e-300)
    return np.asarray(vectors[:, known] / np.sqrt(values[known]) / scale[:, None])
