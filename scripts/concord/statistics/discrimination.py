"""Discrimination of scores: pairs that are ordered as the outcomes are.

Of one set of scores, the AUC or Harrell's C; of many at once, the pairs that each
subject wins, and their jackknife.
"""

from dataclasses import dataclass

import numpy as np

AUC, C_INDEX = "auc", "c_index"
#: Elements of the largest array of pairs; more sets of scores are taken in turn.
_MOST_PAIRS = 4_000_000
#: Relative difference of two sums of weights that are equal.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Concordance:
    """Agreement of score and outcome over all comparable pairs.

    `wins` counts concordant pairs, ties in the score as one half; `pairs` is
    the number of comparable pairs.
    """

    wins: float
    pairs: int

    @property
    def value(self) -> float:
        """Share of concordant pairs, in [0, 1]; NaN without a pair."""
        return self.wins / self.pairs if self.pairs else float("nan")


def concordance(
    event: np.ndarray, score: np.ndarray, time: np.ndarray | None = None
) -> Concordance:
    """AUC pairs [1]_, or with times the pairs of Harrell's C [2]_.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
        Whether the event was observed.
    score : ndarray of float, shape (n,)
        Larger means that the event is likelier, or earlier.
    time : ndarray of float, shape (n,), optional
        Time to event or censoring. A pair is comparable if the subject with
        the shorter time had the event; of two equal times one must be an event
        and the other not, and the event counts as the earlier.

    References
    ----------
    .. [1] Hanley, J. A. and McNeil, B. J. (1982). Radiology, 143, 29-36.
           https://doi.org/10.1148/radiology.143.1.7063747
    .. [2] Harrell, F. E., Califf, R. M., Pryor, D. B., Lee, K. L. and Rosati,
           R. A. (1982). "Evaluating the yield of medical tests". JAMA, 247,
           2543-2546. https://doi.org/10.1001/jama.1982.03320430047030
    """
    wins, comparable = pair_matrix(event, score, time)
    return Concordance(float(wins.sum()), int(comparable.sum()))


def pair_matrix(
    event: np.ndarray, score: np.ndarray, time: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Wins (0, 0.5, 1) and comparability of each event with each subject.

    Rows are the events in order, columns all subjects; wins are 0 where a pair
    is not comparable.
    """
    event = np.asarray(event) == 1
    if time is None:
        comparable = np.tile(~event, (int(event.sum()), 1))
    else:
        mine, theirs = time[event][:, None], time[None, :]
        comparable = (mine < theirs) | ((mine == theirs) & ~event[None, :])
    difference = score[event][:, None] - score[None, :]
    wins = np.where(difference > 0, 1.0, np.where(difference == 0, 0.5, 0.0))
    return wins * comparable, comparable


def is_whole(part: float, total: float) -> bool:
    """True if a part of some pairs, which may have weights, is all of them."""
    return part >= (1 - _ROUNDING) * total


@dataclass(frozen=True)
class PairCounts:
    """Won and comparable pairs of each subject, shape (..., n).

    A pair is counted with both of its subjects. Counts of several folds may be added:
    their value is then that of all pairs, none of which compares two folds.
    """

    wins: np.ndarray
    pairs: np.ndarray

    @property
    def value(self) -> np.ndarray:
        """Share of concordant pairs, shape (...); NaN without a pair."""
        wins, pairs = self.wins.sum(axis=-1), self.pairs.sum(axis=-1)
        nothing = np.full(np.shape(wins), np.nan)
        return np.asarray(np.divide(wins, pairs, out=nothing, where=pairs > 0))

    def influence(self, centre: np.ndarray | None = None) -> np.ndarray:
        """Influence of each subject on the value, shape (..., n); 0 without a pair.

        The sum of squares is the variance of the value: that of DeLong for the AUC
        [1]_ and, but for a factor near 1, the infinitesimal jackknife of Harrell's C
        [2]_. With w of the W wins and c of the C pairs, the influence of a subject is
        ``(w - value c) / sqrt(C (C - c))``. A subject that all pairs have in common,
        as the only event of a fold, shows no spread; its influence is the distance of
        the value to `centre`, by default 0.

        Parameters
        ----------
        centre : ndarray of float, shape (...), optional
            Mean of the values of all folds.

        References
        ----------
        .. [1] DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988).
               Biometrics, 44, 837-845. https://doi.org/10.2307/2531595
        .. [2] Therneau, T. and Atkinson, E. (2024). "Concordance", vignette of the R
               package survival. https://cran.r-project.org/package=survival
        """
        total = self.pairs.sum(axis=-1, keepdims=True) / 2
        value = self.value[..., None]
        # Sums of weights are rounded, so that a subject of all pairs may miss some.
        others = np.where(self.pairs < (1 - _ROUNDING) * total, total - self.pairs, 0.0)
        scale = np.sqrt(total * others)
        excess = self.wins - np.where(total > 0, value, 0.0) * self.pairs
        nothing = np.zeros(np.shape(excess))
        found = np.asarray(np.divide(excess, scale, out=nothing, where=scale > 0))
        if centre is None:
            return found
        alone = (total > 0) & (others == 0)
        return np.where(alone, value - centre[..., None], found)


def pair_counts(
    event: np.ndarray,
    score: np.ndarray,
    time: np.ndarray | None = None,
    group: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> PairCounts:
    """Pairs of the AUC or, with times, of Harrell's C, see `discrimination`.

    Parameters
    ----------
    event : ndarray of 0/1, shape (..., n)
        Whether the event was observed.
    score : ndarray of float, shape (..., n)
        Larger means that the event is likelier, or earlier.
    time : ndarray of float, shape (..., n), optional
        Time to event or censoring.
    group : ndarray, shape (n,) or (..., n), optional
        Only pairs of one group are compared.
    weight : ndarray of float, shape (..., n), optional
        A pair counts as the product of the weights of its subjects. With inverse
        probabilities of censoring, the AUC is that of cases by a horizon and controls
        beyond it [1]_.

    References
    ----------
    .. [1] Uno et al. 2007, doi:10.1198/016214507000000149.
    """
    event = np.asarray(event) == 1
    if event.ndim > 1 and event.size * event.shape[-1] > _MOST_PAIRS:
        return _in_turn(event, score, time, group, weight)
    comparable = event[..., :, None] & ~event[..., None, :]
    if time is not None:
        mine, theirs = time[..., :, None], time[..., None, :]
        comparable = comparable & (mine == theirs)
        comparable |= event[..., :, None] & (mine < theirs)
    if group is not None:
        comparable = comparable & (group[..., :, None] == group[..., None, :])
    counted = comparable.astype(float)
    if weight is not None:
        counted *= weight[..., :, None] * weight[..., None, :]
    mine, theirs = score[..., :, None], score[..., None, :]
    wins = counted * ((mine > theirs) + 0.5 * (mine == theirs))
    return PairCounts(_both(wins), _both(counted))


def _in_turn(
    event: np.ndarray,
    score: np.ndarray,
    time: np.ndarray | None,
    group: np.ndarray | None,
    weight: np.ndarray | None,
) -> PairCounts:
    """Pairs of each set of scores, one after the other."""
    # What is the same for all sets has one axis less.
    parts = [
        [part] * len(event) if part is None or np.ndim(part) < event.ndim else part
        for part in (score, time, group, weight)
    ]
    each = zip(event, *parts, strict=True)
    found = [pair_counts(*one) for one in each]
    wins, pairs = ([getattr(one, k) for one in found] for k in ("wins", "pairs"))
    return PairCounts(np.stack(wins), np.stack(pairs))


def _both(matrix: np.ndarray) -> np.ndarray:
    """Sums over rows and columns of each subject, shape (..., n)."""
    return np.asarray(matrix.sum(axis=-1) + matrix.sum(axis=-2))
