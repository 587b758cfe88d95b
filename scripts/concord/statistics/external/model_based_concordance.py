"""Concordance that predictions would have if they were right.

It depends on the predictions alone, by how far they are spread: what a difference of
case mix does to an AUC or a C-index, without the outcomes.
"""

import numpy as np

#: Elements of the largest array of pairs.
_MOST_PAIRS = 4_000_000


def binary(probabilities: np.ndarray) -> float:
    """AUC that probabilities (n,) would have if they were true [1]_.

    Of all ordered pairs of different subjects, those in which the first has the event
    and the second has not are expected ``p_i (1 - p_j)`` times; of these, the share
    where the first has the higher probability, ties counting half. NaN where no such
    pair can be.

    References
    ----------
    .. [1] van Klaveren, D., Gönen, M., Steyerberg, E. W., Vergouwe, Y. (2016). "A new
           concordance measure for risk prediction models in external validation
           settings". Statistics in Medicine, 35, 4136-4152.
           https://doi.org/10.1002/sim.6997
    """
    chance = np.sort(_known(probabilities))
    none = 1.0 - chance
    low, high = _ties(chance)
    before = np.concatenate([[0.0], np.cumsum(none)])
    won = before[low] + 0.5 * (before[high] - before[low] - none)
    pairs = chance.sum() * none.sum() - (chance * none).sum()
    return float((chance * won).sum() / pairs) if pairs > 0 else float("nan")


def survival(scores: np.ndarray) -> float:
    """Concordance that log hazards (n,) would have if Cox's model were true [1]_.

    Of a pair with log hazards that differ by d, the one at the higher hazard has the
    event first with probability ``1 / (1 + exp(-d))``; the mean over all pairs, 0.5
    for ties. No censoring moves it. NaN of fewer than two.

    References
    ----------
    .. [1] Gönen, M., Heller, G. (2005). "Concordance probability and discriminatory
           power in proportional hazards regression". Biometrika, 92, 965-970.
           https://doi.org/10.1093/biomet/92.4.965
    """
    known = _known(scores)
    n, total = len(known), 0.0
    if n < 2:
        return float("nan")
    step = max(1, _MOST_PAIRS // n)
    for first in range(0, n, step):
        apart = np.abs(known[first : first + step, None] - known)
        total += float((1.0 / (1.0 + np.exp(-apart))).sum())
    # Each subject with himself counts 0.5 in the sum.
    return (total - 0.5 * n) / (n * (n - 1))


def _known(values: np.ndarray) -> np.ndarray:
    given = np.asarray(values, dtype=float)
    return np.asarray(given[np.isfinite(given)])


def _ties(ordered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First place of the value of each item, and the place behind its last."""
    return (
        np.searchsorted(ordered, ordered, side="left"),
        np.searchsorted(ordered, ordered, side="right"),
    )
