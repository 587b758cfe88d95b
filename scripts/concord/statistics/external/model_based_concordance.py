"""Concordance that scores would have if the model were right: their spread alone.

Computed without any outcome, so that it tells how much discrimination a case mix
allows [1]_. Of probabilities it is the expected AUC, of log hazards the expected
concordance of two subjects, or of those pairs that Harrell's C compares.

References
----------
.. [1] van Klaveren, D., Gönen, M., Steyerberg, E. W. and Vergouwe, Y. (2016). "A new
       concordance measure for risk prediction models in external validation settings".
       Statistics in Medicine, 35, 4136-4152. https://doi.org/10.1002/sim.6997
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..discrimination import PairCounts

#: Rows of the largest block of pairs that is held at once.
_BLOCK = 500
#: Log hazards further from their mean than this are taken to be as far.
_FARTHEST = 30.0
#: Sums of two hazards at which the share of comparable pairs is tabulated.
_POINTS = 400


@dataclass(frozen=True)
class FollowUp:
    """Baseline hazard, and how many subjects are followed while it acts.

    Attributes
    ----------
    hazard : ndarray of float, shape (k,)
        Cumulative baseline hazard of a score of zero at ascending times.
    followed : ndarray of float, shape (k,)
        Share of subjects that are not censored just before these times.
    """

    hazard: np.ndarray
    followed: np.ndarray

    def comparable(self, total: np.ndarray) -> np.ndarray:
        """Probability that a pair's first event is seen while both are followed.

        Parameters
        ----------
        total : ndarray of float
            Sum of the hazards of both, relative to the baseline.
        """
        levels = np.append(0.0, self.hazard)
        free = np.exp(-np.multiply.outer(total, levels))
        return np.asarray((free[..., :-1] - free[..., 1:]) @ self.followed**2)


def expected_auc(probabilities: np.ndarray) -> float:
    """AUC that probabilities would have if they were true; NaN without a pair.

    ``sum of max(p) (1 - min(p)) over sum of p_i (1 - p_j) + p_j (1 - p_i)``, over all
    pairs of subjects: the model-based concordance of a logistic model [1]_ (van
    Klaveren et al. 2016, see the module).

    Parameters
    ----------
    probabilities : ndarray of float, shape (n,)
        In [0, 1].
    """
    return float(expected_pairs(probabilities).value)


def expected_concordance(linear_predictor: np.ndarray) -> float:
    """Probability that of two subjects the one at higher risk has the event first.

    Mean over all pairs of ``1 / (1 + exp(-|difference|))``: Gönen and Heller's
    concordance [1]_, which is the model-based concordance of a proportional hazards
    model without censoring (van Klaveren et al. 2016). NaN of fewer than two subjects.

    Parameters
    ----------
    linear_predictor : ndarray of float, shape (n,)
        Log hazards.

    References
    ----------
    .. [1] Gönen, M. and Heller, G. (2005). "Concordance probability and discriminatory
           power in proportional hazards regression". Biometrika, 92, 965-970.
           https://doi.org/10.1093/biomet/92.4.965
    """
    return float(hazard_pairs(linear_predictor).value)


def expected_pairs(
    probabilities: np.ndarray, weight: np.ndarray | None = None
) -> PairCounts:
    """Expected won and comparable pairs of each subject, shape (n,).

    A pair is comparable with the probability that one of both has the event; `weight`
    multiplies pairs as in `discrimination.pair_counts`.
    """
    p = np.asarray(probabilities, dtype=float)
    w = np.ones(len(p)) if weight is None else np.asarray(weight, dtype=float)
    order = np.argsort(p, kind="stable")
    ranked = p[order]
    below, upto = (np.searchsorted(ranked, p, side=side) for side in ("left", "right"))
    event, free = _running(w * p, order), _running(w * (1 - p), order)
    # Wins against all below by the subject's own event, and of all above by theirs.
    wins = p * free[below] + (1 - p) * (event[-1] - event[upto])
    # Of equal probabilities half of the pairs, without the subject itself.
    equal = (free[upto] - free[below]) - w * (1 - p)
    wins = w * (wins + p * np.maximum(equal, 0.0))
    pairs = p * (free[-1] - w * (1 - p)) + (1 - p) * (event[-1] - w * p)
    return PairCounts(wins, np.maximum(w * pairs, 0.0))


def hazard_pairs(
    linear_predictor: np.ndarray, follow_up: FollowUp | None = None
) -> PairCounts:
    """Expected won and comparable pairs of log hazards, shape (n,).

    Without a follow-up every pair counts alike (Gönen and Heller). With one, a pair
    counts by the probability that Harrell's C could compare it: the earlier event is
    seen before either is censored. Pairs of high hazards then count for more, as they
    do in Harrell's C.
    """
    score = np.asarray(linear_predictor, dtype=float)
    wins, pairs = np.zeros(len(score)), np.zeros(len(score))
    if len(score) < 2:
        return PairCounts(wins, pairs)
    centre = 0.0 if follow_up is not None else float(score.mean())
    hazard = np.exp(np.clip(score - centre, -_FARTHEST, _FARTHEST))
    table = None if follow_up is None else _Tabulated.of(follow_up, hazard)
    for rows in _blocks(len(score)):
        mine, theirs = hazard[rows, None], hazard[None, :]
        total = mine + theirs
        counted = np.ones(total.shape) if table is None else table.at(total)
        counted[np.arange(len(mine)), np.arange(len(score))[rows]] = 0.0
        wins[rows] = (counted * np.maximum(mine, theirs) / total).sum(axis=1)
        pairs[rows] = counted.sum(axis=1)
    return PairCounts(wins, pairs)


@dataclass(frozen=True)
class _Tabulated:
    """Share of comparable pairs over the log of their total hazard."""

    logs: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, follow_up: FollowUp, hazard: np.ndarray) -> "_Tabulated":
        ends = np.log([2 * hazard.min(), 2 * hazard.max()])
        logs = np.linspace(ends[0] - 1e-6, ends[1] + 1e-6, _POINTS)
        return cls(logs, follow_up.comparable(np.exp(logs)))

    def at(self, total: np.ndarray) -> np.ndarray:
        return np.asarray(np.interp(np.log(total), self.logs, self.shares))


def _running(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Sums of the first k values in an order, for k from 0 to n; shape (n + 1,)."""
    return np.append(0.0, np.cumsum(values[order]))


def _blocks(n: int) -> Iterator[slice]:
    yield from (slice(start, min(start + _BLOCK, n)) for start in range(0, n, _BLOCK))
