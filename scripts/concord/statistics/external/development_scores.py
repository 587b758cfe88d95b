"""Scores of development as far as percentiles of them tell."""

import numpy as np

#: Scores of the largest sample that is made of percentiles; more would change nothing.
_MOST = 1000


def from_percentiles(percentiles: np.ndarray, n: int) -> np.ndarray:
    """Sample of scores with given percentiles, ascending; empty without percentiles.

    Parameters
    ----------
    percentiles : ndarray of float, shape (k,)
        Scores at equally spaced percentiles from 0 to 100.
    n : int
        Subjects of development; of more than 1000, as many are made.
    """
    known = np.asarray(percentiles, dtype=float)
    size = min(int(n), _MOST)
    if len(known) < 2 or size < 1 or not np.isfinite(known).all():
        return np.zeros(0)
    places = np.linspace(0.0, 1.0, len(known))
    return np.asarray(np.interp((np.arange(size) + 0.5) / size, places, known))


def percentile_of(percentiles: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Share of development below each score, from 0 to 1; of ties the middle.

    Scores outside have -inf or inf, so that they are told apart.
    """
    known = np.asarray(percentiles, dtype=float)
    places = np.linspace(0.0, 1.0, len(known))
    low, high = (
        np.searchsorted(known, scores, side=side) for side in ("left", "right")
    )
    between = np.interp(scores, known, places)
    tied = high - low > 1
    middle = (places[np.minimum(low, len(known) - 1)] + places[high - 1]) / 2
    found = np.where(tied, middle, between)
    found = np.where(scores < known[0], -np.inf, found)
    return np.asarray(np.where(scores > known[-1], np.inf, found))
