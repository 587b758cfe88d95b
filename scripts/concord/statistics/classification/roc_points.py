"""Points of a ROC curve: rates at each score, and scores at which to call it high."""

import numpy as np

#: Differences of rates below this are rounding.
_ROUNDING = 1e-12


def roc_curve(
    event: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """False- and true-positive rate at each distinct score, from (0, 0) to (1, 1).

    Parameters
    ----------
    event : ndarray of int, shape (n,)
        0 or 1; both must occur.
    score : ndarray of float, shape (n,)
        Larger scores speak for an event; equal scores make a sloping segment.
    weight : ndarray of float, shape (n,), optional
        What each subject counts for.
    """
    count = np.ones(len(event), dtype=int) if weight is None else weight
    order = np.argsort(-score, kind="stable")
    last_of_ties = np.append(np.diff(score[order]) != 0, True)
    hits = np.cumsum((event * count)[order])[last_of_ties]
    alarms = np.cumsum(((1 - event) * count)[order])[last_of_ties]
    return np.append(0, alarms / alarms[-1]), np.append(0, hits / hits[-1])


def cuts(score: np.ndarray) -> np.ndarray:
    """Thresholds of the points of `roc_curve`, falling; a score that reaches one is
    high.

    The middle of two neighbouring scores, so that a new score close to one of them is
    called as it is; none is high at the first and all are at the last.
    """
    distinct = np.unique(score)[::-1]
    between = distinct[1:] + (distinct[:-1] - distinct[1:]) / 2
    above = np.nextafter(distinct[0], np.inf)
    return np.concatenate([[above], between, distinct[-1:]])


def youden_threshold(
    event: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None
) -> float:
    """Threshold of the largest sum of sensitivity and specificity [1]_.

    Of several with the same sum the lowest, which is the most sensitive. NaN where no
    threshold tells subjects with and without an event apart: with one class, equal
    scores, or scores that are no better than none.

    Parameters
    ----------
    event, score, weight
        As for `roc_curve`.

    References
    ----------
    .. [1] Youden, W. J. (1950). "Index for rating diagnostic tests". Cancer, 3, 32-35.
           https://doi.org/10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3
    """
    if not _both_classes(event, weight):
        return float("nan")
    false, true = roc_curve(event, score, weight)
    index = true - false
    best = index.max()
    if not best > _ROUNDING:
        return float("nan")
    return float(cuts(score)[np.flatnonzero(index >= best - _ROUNDING)[-1]])


def sensitivity_threshold(
    event: np.ndarray,
    score: np.ndarray,
    asked: float,
    weight: np.ndarray | None = None,
) -> float:
    """Highest threshold whose sensitivity is `asked` or more; NaN with one class."""
    if not _both_classes(event, weight):
        return float("nan")
    true = roc_curve(event, score, weight)[1]
    return float(cuts(score)[np.flatnonzero(true >= asked - _ROUNDING)[0]])


def specificity_threshold(
    event: np.ndarray,
    score: np.ndarray,
    asked: float,
    weight: np.ndarray | None = None,
) -> float:
    """Lowest threshold whose specificity is `asked` or more; NaN with one class."""
    if not _both_classes(event, weight):
        return float("nan")
    false = roc_curve(event, score, weight)[0]
    return float(cuts(score)[np.flatnonzero(1 - false >= asked - _ROUNDING)[-1]])


def _both_classes(event: np.ndarray, weight: np.ndarray | None) -> bool:
    counted = event if weight is None else event[weight > 0]
    return len(np.unique(counted)) == 2
