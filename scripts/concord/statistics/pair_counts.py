"""Pairs that each subject wins, of many sets of scores at once, and their jackknife."""

from dataclasses import dataclass

import numpy as np


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
        return np.divide(wins, pairs, out=np.full(np.shape(wins), np.nan), where=pairs > 0)

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
        scale = np.sqrt(total * (total - self.pairs))
        excess = self.wins - np.where(total > 0, value, 0.0) * self.pairs
        found = np.divide(excess, scale, out=np.zeros(np.shape(excess)), where=scale > 0)
        if centre is None:
            return found
        alone = (total > 0) & (self.pairs == total)
        return np.where(alone, value - centre[..., None], found)


def pair_counts(
    event: np.ndarray,
    score: np.ndarray,
    time: np.ndarray | None = None,
    group: np.ndarray | None = None,
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
    group : ndarray, shape (n,), optional
        Only pairs of one group are compared.
    """
    event = np.asarray(event) == 1
    comparable = event[..., :, None] & ~event[..., None, :]
    if time is not None:
        mine, theirs = time[..., :, None], time[..., None, :]
        comparable = comparable & (mine == theirs)
        comparable |= event[..., :, None] & (mine < theirs)
    if group is not None:
        comparable = comparable & (group[:, None] == group[None, :])
    mine, theirs = score[..., :, None], score[..., None, :]
    wins = comparable * ((mine > theirs) + 0.5 * (mine == theirs))
    return PairCounts(_both(wins), _both(comparable.astype(float)))


def _both(matrix: np.ndarray) -> np.ndarray:
    """Sums over rows and columns of each subject, shape (..., n)."""
    return np.asarray(matrix.sum(axis=-1) + matrix.sum(axis=-2))
