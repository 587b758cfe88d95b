"""Distances of rows from the middle of others, in units of their spread."""

import numpy as np

#: Smallest eigenvalue of correlations of columns that do not determine each other.
_SINGULAR = 1e-9
#: Share of the subjects that lie within the limit of a distance.
SHARE = 0.99


def distances(
    values: np.ndarray, mean: np.ndarray, covariance: np.ndarray
) -> np.ndarray:
    """Mahalanobis distance of each row from a mean, shape (n,); NaN with a gap.

    Each row is computed by itself, to the last bit.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
    mean : ndarray of float, shape (p,)
    covariance : ndarray of float, shape (p, p)
        Positive definite.

    References
    ----------
    Mahalanobis, P. C. (1936). "On the generalised distance in statistics".
    Proceedings of the National Institute of Sciences of India, 2, 49-55.
    https://doi.org/10.1007/s13171-019-00164-5
    """
    spread = np.sqrt(np.diag(covariance))
    scaled = (np.asarray(values, dtype=float) - mean) / spread
    # Whitened by the triangular factor, in units that make it well conditioned.
    factor = np.linalg.inv(np.linalg.cholesky(covariance / np.outer(spread, spread)))
    squares = np.zeros(len(scaled))
    for weights in factor:
        squares += np.square((scaled * weights).sum(axis=1))
    return np.asarray(np.sqrt(squares))


def leave_one_out(values: np.ndarray) -> np.ndarray | None:
    """Distance of each row (n, p) from mean and covariance of the others, shape (n,).

    With ``q = d' A^-1 d``, where d is the row less the mean of all and A the sum of
    squares and products about it, the squared distance is ``(n - 2) (n / (n - 1))^2
    q / (1 - n q / (n - 1))``, by the formula of Sherman and Morrison [1]_. None if
    columns determine each other.

    References
    ----------
    .. [1] Sherman, J., Morrison, W. J. (1950). "Adjustment of an inverse matrix
           corresponding to a change in one element of a given matrix". Annals of
           Mathematical Statistics, 21, 124-127.
           https://doi.org/10.1214/aoms/1177729893
    """
    n = len(values)
    apart = values - values.mean(axis=0)
    spread = apart.std(axis=0)
    if not (spread > 0).all():
        return None
    scaled = apart / spread
    products = scaled.T @ scaled
    if np.linalg.eigvalsh(products / n)[0] < _SINGULAR:
        return None
    q = (scaled * np.linalg.solve(products, scaled.T).T).sum(axis=1)
    left = 1.0 - n / (n - 1) * q
    # A row that alone spans a direction has no distance from the others: it is far.
    squares = np.divide(
        (n - 2) * (n / (n - 1)) ** 2 * q,
        left,
        out=np.full(n, np.inf),
        where=left > _SINGULAR,
    )
    return np.asarray(np.sqrt(squares))


def limit(apart: np.ndarray, share: float = SHARE) -> float | None:
    """Distance that a share of new rows lies within, if they are like these.

    The quantile at ``share * (n + 1)`` of the ordered distances (n,), interpolated:
    a new row is equally likely to stand at each of n + 1 places among them. Of fewer
    than ``share / (1 - share)`` rows it is the largest, which a new row exceeds once
    in n + 1. None if it is not finite.
    """
    found = float(np.quantile(apart, share, method="weibull"))
    return found if np.isfinite(found) else None
