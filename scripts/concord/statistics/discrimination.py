"""Discrimination of scores: AUC and concordance, with their standard errors."""

from dataclasses import dataclass

import numpy as np

AUC, C_INDEX = "auc", "c_index"


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


def within_groups(
    event: np.ndarray,
    score: np.ndarray,
    group: np.ndarray,
    time: np.ndarray | None = None,
) -> Concordance:
    """Concordance over pairs of the same group: a pair-weighted mean of groups."""
    parts = [
        concordance(event[mine], score[mine], None if time is None else time[mine])
        for mine in (group == name for name in sorted(set(group)))
    ]
    return Concordance(sum(p.wins for p in parts), sum(p.pairs for p in parts))


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


def delong_se(event: np.ndarray, score: np.ndarray) -> float:
    """Standard error of the AUC by DeLong's method; NaN under two per class.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Biometrics,
    44, 837-845. https://doi.org/10.2307/2531595
    """
    wins, comparable = pair_matrix(event, score)
    n_events = len(wins)
    n_others = int(comparable[:1].sum())
    if n_events < 2 or n_others < 2:
        return float("nan")
    of_events = wins.sum(axis=1) / n_others
    of_others = wins[:, np.asarray(event) != 1].sum(axis=0) / n_events
    variance = of_events.var(ddof=1) / n_events + of_others.var(ddof=1) / n_others
    return float(np.sqrt(variance))


def concordance_se(event: np.ndarray, score: np.ndarray, time: np.ndarray) -> float:
    """Standard error of Harrell's C by the infinitesimal jackknife; NaN if undefined.

    References
    ----------
    Therneau, T. and Atkinson, E. (2024). "Concordance", vignette of the R
    package survival. https://cran.r-project.org/package=survival
    """
    wins, comparable = pair_matrix(event, score, time)
    pairs = comparable.sum()
    if not pairs:
        return float("nan")
    excess = wins - comparable * (wins.sum() / pairs)
    influence = excess.sum(axis=0)
    influence[np.asarray(event) == 1] += excess.sum(axis=1)
    return float(np.sqrt((influence**2).sum()) / pairs)
