"""Local linear smoothing as a linear map of the outcomes, which its errors need."""

from dataclasses import dataclass

import numpy as np

#: Share of the subjects in each window, and of the range within which the curve is
#: taken to be straight.
SPAN, STRAIGHT = 2 / 3, 0.01
_INNER, _OUTER = 0.001, 0.999


@dataclass(frozen=True)
class Lowess:
    """Smoother of outcomes along predictions.

    The curve is fitted at some predictions (`anchors`, ascending, shape (m,)) and
    straight between them; `rows`, (m, n), holds what each outcome adds to each of
    these.
    """

    anchors: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(
        cls, x: np.ndarray, weight: np.ndarray | None = None, span: float = SPAN
    ) -> "Lowess":
        """Locally weighted straight lines without robustness [1]_.

        With weights of 1 equal to ``lowess(x, y, f=span, iter=0)`` of R.

        Parameters
        ----------
        x : ndarray of float, shape (n,)
            Predictions, n >= 2.
        weight : ndarray of float, shape (n,), optional
            Weight of each subject; 1 by default.
        span : float
            Share of the subjects in a window, in (0, 1].

        References
        ----------
        .. [1] Cleveland, W. S. (1979). "Robust locally weighted regression and
               smoothing scatterplots". Journal of the American Statistical
               Association, 74, 829-836.
               https://doi.org/10.1080/01621459.1979.10481038
        """
        anchors = _anchors(np.unique(x))
        away = x[None, :] - anchors[:, None]
        near = np.abs(away)
        n_window = int(np.clip(np.floor(span * len(x) + 1e-7), 2, len(x)))
        width = np.partition(near, n_window - 1, axis=1)[:, n_window - 1, None]
        ratio = np.divide(near, width, out=np.zeros_like(near), where=width > 0)
        kernel = np.where(ratio <= _INNER, 1.0, (1 - np.minimum(ratio, 1) ** 3) ** 3)
        kernel = np.where(near <= _OUTER * width, kernel, 0.0)
        if weight is not None:
            kernel = kernel * weight
        return cls(anchors, _lines(kernel, away, x, float(np.ptp(x))))

    def at(self, outcome: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Curve of outcomes, (n,) or (n, draws), at some predictions, (p, ...)."""
        return self.between(self.rows @ outcome, points)

    def influence(self, residual: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Parts of the curve there, (p, n), that residuals of shape (n,) add."""
        return self.between(self.rows * residual, points)

    def between(self, values: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Values at the anchors, (m, ...), in between; level beyond the ends."""
        if len(self.anchors) == 1:
            return np.repeat(values, len(points), axis=0)
        right = np.clip(
            np.searchsorted(self.anchors, points, side="left"), 1, len(self.anchors) - 1
        )
        start, end = self.anchors[right - 1], self.anchors[right]
        share = np.clip((points - start) / (end - start), 0.0, 1.0)
        share = share.reshape(-1, *([1] * (values.ndim - 1)))
        return np.asarray(values[right - 1] * (1 - share) + values[right] * share)


def _lines(
    kernel: np.ndarray, away: np.ndarray, x: np.ndarray, extent: float
) -> np.ndarray:
    """Rows of the map: intercepts of weighted straight lines at the anchors, (m, n)."""
    share = kernel / kernel.sum(axis=1, keepdims=True)
    centre = (share * away).sum(axis=1, keepdims=True)
    square = (share * (away - centre) ** 2).sum(axis=1, keepdims=True)
    # A window of equal predictions has no slope, but its mean.
    sloped = np.sqrt(square) > _INNER * extent
    tilt = np.divide(-centre, square, out=np.zeros_like(square), where=sloped)
    return np.asarray(share * (1 + tilt * (away - centre)))


def _anchors(values: np.ndarray) -> np.ndarray:
    """Some of ascending values, each as far as may be from the last, and both ends."""
    near = STRAIGHT * float(values[-1] - values[0])
    chosen = [0]
    while chosen[-1] < len(values) - 1:
        reached = np.searchsorted(values, values[chosen[-1]] + near, side="right") - 1
        chosen.append(max(chosen[-1] + 1, int(reached)))
    return values[chosen]
