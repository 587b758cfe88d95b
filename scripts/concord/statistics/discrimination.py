"""Concordance of a score with who has the event, or has it earlier."""

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


def metric_of(kind: str) -> str:
    """Name of the headline metric of a kind of endpoint."""
    return AUC if kind == "binary" else C_INDEX


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
