"""Stability of selected features over several fits: Nogueira's index."""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True)
class SelectionStability:
    """Stability of selected features: at most 1, and 0 in the mean by chance.

    NaN where fewer than two fits are given, or where all fits select nothing or
    everything, so that nothing is chosen.
    """

    value: float
    standard_error: float
    lower: float
    upper: float


def selection_stability(selected: np.ndarray, confidence: float) -> SelectionStability:
    """Stability of sets of features, corrected for chance [1]_, with its interval.

    One less the mean variance of the selection of a feature over the fits, divided by
    what it would be if every fit chose at random as many as fits do in the mean. The
    error is that of fits drawn independently of each other; correlated features that
    take turns count as unstable.

    Parameters
    ----------
    selected : ndarray of bool, shape (fits, features)
        Features that each fit selected, of all that it could select.
    confidence : float
        Level of the interval.

    References
    ----------
    .. [1] Nogueira, S., Sechidis, K. and Brown, G. (2018). "On the stability of feature
           selection algorithms". Journal of Machine Learning Research, 18(174), 1-54.
           https://jmlr.org/papers/v18/17-514.html
    """
    chosen = np.asarray(selected, dtype=float)
    n_fits, p = chosen.shape
    share = chosen.mean(axis=0) if n_fits else np.zeros(p)
    mean = float(share.mean()) if p else 0.0  # share of the features, over the fits
    by_chance = mean * (1 - mean)
    if n_fits < 2 or not by_chance > 0:
        return SelectionStability(np.nan, np.nan, np.nan, np.nan)
    spread = n_fits / (n_fits - 1) * float((share * (1 - share)).mean())
    value = 1 - spread / by_chance
    own = chosen.mean(axis=1)
    together = (chosen * share).mean(axis=1) - own * mean
    together += value / 2 * (2 * mean * own - own - mean + 1)
    each = together / by_chance
    error = float(2 / n_fits * np.sqrt(((each - each.mean()) ** 2).sum()))
    half = float(special.ndtri(0.5 + confidence / 2)) * error
    return SelectionStability(value, error, value - half, min(1.0, value + half))
