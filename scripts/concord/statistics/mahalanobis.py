"""Mahalanobis distances of rows from the others, and the one that few exceed."""

import numpy as np

#: Smallest eigenvalue of correlations of columns that do not determine each other.
_SINGULAR = 1e-9
#: Share of the subjects that lie within the limit of a distance.
SHARE = 0.99


def leave_one_out(values: np.ndarray) -> np.ndarray | None:
    """Distance of each row (n, p) from mean and covariance of the others, shape (n,).

    The root of ``(x - mean)' covariance^-1 (x - mean)`` [1]_. With ``q = d' A^-1 d``,
    where d is the row less the mean of all and A the sum of squares and products about
    it, its square is ``(n - 2) (n / (n - 1))^2 q / (1 - n q / (n - 1))``, by the
    formula of Sherman and Morrison [2]_. None if columns determine each other.

    References
    ----------
    .. [1] Mahalanobis, P. C. (1936). "On the generalised distance in statistics".
           Proceedings of the National Institute of Sciences of India, 2, 49-55.
           https://doi.org/10.1007/s13171-019-00164-5
    .. [2] Sherman, J., Morrison, W. J. (1950). "Adjustment of an inverse matrix
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
    with np.errstate(invalid="ignore"):  # between two rows that are infinitely far
        found = float(np.quantile(apart, share, method="weibull"))
    return found if np.isfinite(found) else None
