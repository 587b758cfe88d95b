"""Local straight lines: a smooth curve of outcomes over predictions (loess)."""

import numpy as np

#: Share of the subjects that each line is fitted to, as in R's loess.
SPAN = 0.75


def local_line(
    x: np.ndarray, y: np.ndarray, at: np.ndarray, span: float = SPAN
) -> np.ndarray:
    """Height at some places of lines fitted to the nearest subjects [1]_.

    Weights are tricube in the distance; where all of the nearest have one prediction,
    it is their mean.

    Parameters
    ----------
    x, y : ndarray of float, shape (n,)
        Predictions and outcomes, or pseudo-values of these.
    at : ndarray of float, shape (m,)
        Places.
    span : float
        Share of the subjects.

    References
    ----------
    .. [1] Cleveland, W. S. (1979). "Robust locally weighted regression and smoothing
           scatterplots". Journal of the American Statistical Association, 74, 829-836.
           https://doi.org/10.1080/01621459.1979.10481038
    """
    n_near = max(2, int(np.floor(span * len(x))))
    distance = np.abs(x - at[:, None])
    reach = np.partition(distance, n_near - 1, axis=1)[:, n_near - 1, None]
    ratio = np.divide(distance, reach, out=np.zeros(distance.shape), where=reach > 0)
    weight = np.where(ratio < 1, (1 - np.minimum(ratio, 1) ** 3) ** 3, 0.0)
    weight = np.where(reach > 0, weight, (distance == 0).astype(float))
    total = weight.sum(axis=1)
    centre, height = weight @ x / total, weight @ y / total
    apart = x - centre[:, None]
    spread = (weight * apart**2).sum(axis=1)
    together = (weight * apart * (y - height[:, None])).sum(axis=1)
    slope = np.divide(together, spread, out=np.zeros(len(at)), where=spread > 1e-12)
    return np.asarray(height + slope * (at - centre))
