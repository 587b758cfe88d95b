"""Partial area under a ROC curve, at high specificity, with influences."""

from dataclasses import dataclass

import numpy as np

from .roc_points import roc_curve


@dataclass(frozen=True)
class PartialArea:
    """Standardized partial area of some subjects, and what each adds to it.

    `pairs` (n,) counts the pairs that the area is taken from, each with both of its
    subjects, as in `discrimination.PairCounts`.
    """

    value: float
    influences: np.ndarray  # (n,)
    pairs: np.ndarray
    lone: bool  # of one class there is one subject, whose share shows no spread

    def influence(self, centre: float) -> np.ndarray:
        """Influence of each subject, whose squares add up to the variance.

        Of a lone subject it is the distance of the value to `centre`.
        """
        if not self.lone:
            return self.influences
        alone = self.pairs >= self.pairs.sum() / 2
        return np.where(alone, self.value - centre, self.influences)


def partial_area(
    event: np.ndarray,
    score: np.ndarray,
    least_specificity: float,
    weight: np.ndarray | None = None,
) -> PartialArea:
    """Area above a least specificity, standardized to 0.5 by chance and 1 at best [1]_.

    With f = 1 - `least_specificity` and A the area left of f, it is
    ``(1 + (A - f**2 / 2) / (f - f**2 / 2)) / 2``. The influence of a subject is that of
    the ROC area in its range [2]_, with the specificity as a quantile of the controls.

    Parameters
    ----------
    event : ndarray of 0/1, shape (n,)
        Whether the event was observed; NaN if all or none are.
    score : ndarray of float, shape (n,)
        Larger means that the event is likelier.
    least_specificity : float
        Start of the range, in [0, 1).
    weight : ndarray of float, shape (n,), optional
        What each subject counts for.

    References
    ----------
    .. [1] McClish, D. K. (1989). "Analyzing a portion of the ROC curve". Medical
           Decision Making, 9, 190-195. https://doi.org/10.1177/0272989X8900900307
    .. [2] Dodd, L. E. and Pepe, M. S. (2003). "Partial AUC estimation and regression".
           Biometrics, 59, 614-623. https://doi.org/10.1111/1541-0420.00071
    """
    case = np.asarray(event) == 1
    n_cases, n_controls = int(case.sum()), int((~case).sum())
    pairs = np.where(case, n_controls, n_cases).astype(float)
    if not n_cases or not n_controls:
        nothing = np.zeros(len(case))
        return PartialArea(float("nan"), nothing, nothing, False)
    count = np.ones(len(case)) if weight is None else weight
    most = 1.0 - least_specificity
    own = _areas(case, score, count, most)
    area = float((own * count)[case].sum() / count[case].sum())
    chance = most**2 / 2
    own[~case] = _of_controls(case, score, count, most, area)
    scale = 0.5 / (most - chance)
    found = np.zeros(len(case))
    for members in (case, ~case):
        centred = own[members] - (area if members is case else 0.0)
        found[members] = _mean_influence(centred, count[members])
    value = 0.5 * (1 + (area - chance) / (most - chance))
    return PartialArea(value, scale * found, pairs, 1 in (n_cases, n_controls))


def _areas(
    case: np.ndarray, score: np.ndarray, count: np.ndarray, most: float
) -> np.ndarray:
    """Area left of `most` below the curve of each case alone, (n,); 0 of controls.

    Equal scores of controls make the curve of a case slope.
    """
    order = np.sort(score[~case])
    cumulated = np.append(0.0, np.cumsum(count[~case][np.argsort(score[~case])]))
    above = 1 - cumulated[np.searchsorted(order, score, side="right")] / cumulated[-1]
    reached = 1 - cumulated[np.searchsorted(order, score, side="left")] / cumulated[-1]
    width = reached - above
    rising = np.clip(most - above, 0.0, np.where(width > 0, width, 0.0))
    slope = np.divide(rising**2, 2 * width, out=np.zeros(len(case)), where=width > 0)
    return np.asarray((slope + np.maximum(most - reached, 0.0)) * case)


def _of_controls(
    case: np.ndarray, score: np.ndarray, count: np.ndarray, most: float, area: float
) -> np.ndarray:
    """Influence of each control, not yet divided by their number."""
    mine, cases = score[~case], score[case]
    order = np.sort(cases)
    cumulated = np.append(0.0, np.cumsum(count[case][np.argsort(cases)]))
    below = [cumulated[np.searchsorted(order, mine, side=s)] for s in ("left", "right")]
    beaten = 1 - (below[0] + below[1]) / (2 * cumulated[-1])
    false, true = roc_curve(case.astype(int), score, count)
    edge = float(np.interp(most, false, true))
    shares = np.argsort(np.argsort(-mine, kind="stable"), kind="stable")
    weights = count[~case][np.argsort(-mine, kind="stable")]
    before = np.append(0.0, np.cumsum(weights))[:-1] / weights.sum()
    inside = np.clip((most - before) * weights.sum() / weights, 0.0, 1.0)[shares]
    return np.asarray(inside * (beaten - edge) - (area - most * edge))


def _mean_influence(centred: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Influence on a weighted mean, with the correction of few subjects."""
    n = len(centred)
    few = np.sqrt(n / (n - 1)) if n > 1 else 1.0
    return np.asarray(few * centred * count / count.sum())
