"""Intervals of what an update learnt."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from ...statistics.subgroups.recalibration import cox_slope
from ...statistics.updating import event_trials
from . import hazards, kinds, learning
from .learning import Learnt
from .subjects import Subjects

_NAN = float("nan")
WALD, SANDWICH = "Wald", "Wald, sandwich over clusters"
JACKKNIFE, POISSON = "jackknife", "log scale, Poisson"
JACKKNIFE_CLUSTERS = "jackknife over clusters"
POISSON_CLUSTERS = "log scale, over clusters"


@dataclass(frozen=True)
class Bounds:
    """Lower and upper bounds of what an update learnt; NaN of what it did not learn."""

    intercept: tuple[float, float] = (_NAN, _NAN)
    slope: tuple[float, float] = (_NAN, _NAN)
    factor: tuple[float, float] = (_NAN, _NAN)
    method: str = ""


def bounds(learnt: Learnt, subjects: Subjects, confidence: float) -> Bounds:
    """Intervals by the normal distribution of the errors of an update.

    Of a binary outcome by Wald, with the sandwich over clusters where subjects share
    them or have weights; of a slope with times by the jackknife to first order; of a
    factor on the log scale by the observed events.

    Parameters
    ----------
    learnt : Learnt
    subjects : Subjects
        Those that it was learnt from.
    confidence : float
    """
    width = float(special.ndtri(0.5 + confidence / 2))
    if not subjects.kind.has_times:
        return _of_events(learnt, subjects, width)
    if kinds.learns_slope(learnt.update):
        error = _slope_error(subjects)
        return Bounds(
            slope=_around(learnt.line.slope, width * error),
            method=JACKKNIFE_CLUSTERS if subjects.is_clustered else JACKKNIFE,
        )
    if np.isfinite(learnt.factor):
        error = _factor_error(learnt, subjects)
        low, high = _around(float(np.log(learnt.factor)), width * error)
        method = POISSON_CLUSTERS if subjects.is_clustered else POISSON
        return Bounds(factor=(float(np.exp(low)), float(np.exp(high))), method=method)
    return Bounds()


def _of_events(learnt: Learnt, subjects: Subjects, width: float) -> Bounds:
    found = learning.fit_of_events(learnt.update, subjects)
    errors = event_trials.line_errors(found.covariance, subjects.score)
    robust = subjects.is_clustered or subjects.is_weighted
    slope = (_NAN, _NAN)
    if kinds.learns_slope(learnt.update):
        slope = _around(learnt.line.slope, width * errors[1])
    return Bounds(
        intercept=_around(learnt.line.intercept, width * errors[0]),
        slope=slope,
        method=SANDWICH if robust else WALD,
    )


def _slope_error(subjects: Subjects) -> float:
    stratum = subjects.stratum
    strata = np.zeros(len(subjects)) if stratum is None else stratum
    moved = cox_slope(subjects.score, subjects.event, subjects.time, strata)
    return _by_unit(moved.influence, subjects)


def _factor_error(learnt: Learnt, subjects: Subjects) -> float:
    """Standard error of the log of a factor."""
    observed = float(subjects.event.sum())
    if not subjects.is_clustered or learnt.baseline is None:
        return float(1 / np.sqrt(observed))
    expected = hazards.levels(learnt.baseline, subjects) * np.exp(subjects.score)
    return _by_unit((subjects.event - expected) / observed, subjects)


def _by_unit(influence: np.ndarray, subjects: Subjects) -> float:
    summed = np.bincount(subjects.unit, influence)
    few = len(summed) / max(len(summed) - 1, 1) if subjects.is_clustered else 1.0
    return float(np.sqrt(few * (summed**2).sum()))


def _around(estimate: float, half: float) -> tuple[float, float]:
    return estimate - half, estimate + half
