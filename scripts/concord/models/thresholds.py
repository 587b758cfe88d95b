"""Thresholds of scores that development subjects choose, of binary outcomes."""

from collections.abc import Callable, Mapping

import numpy as np

from ..statistics import targets
from ..statistics.classification.roc_points import (
    sensitivity_threshold,
    specificity_threshold,
    youden_threshold,
)
from .settings.specification import ModelSpecification

#: Columns of predictions begin so; a score that reaches the threshold is high.
COLUMN = "threshold_"
_BY_SHARE: dict[str, Callable[..., float]] = {
    "sensitivity": sensitivity_threshold,
    "specificity": specificity_threshold,
}


def learnt_thresholds(
    y: np.ndarray, scores: np.ndarray, specification: ModelSpecification
) -> dict[str, float]:
    """Thresholds by the name of their rule; without those that are undefined.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Outcomes of development subjects, as `OutcomeKind.target` gives them.
    scores : ndarray of float, shape (n,)
        Their scores, by the fitted model or out of inner folds.
    specification : ModelSpecification
        The arm, with the thresholds that are asked for.
    """
    if specification.thresholds is None:
        return {}
    event, weight = targets.event(y).astype(int), targets.weight(y)
    found = {
        rule: youden_threshold(event, scores, weight)
        if share is None
        else _BY_SHARE[rule](event, scores, share, weight)
        for rule, share in specification.thresholds.asked.items()
    }
    return {rule: value for rule, value in found.items() if np.isfinite(value)}


def columns(thresholds: Mapping[str, float]) -> dict[str, float]:
    """Columns of the predictions of a model with these thresholds."""
    return {f"{COLUMN}{rule}": value for rule, value in thresholds.items()}
