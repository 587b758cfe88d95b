"""Search: the settings with the smallest deviance in inner folds, or simpler ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import FitError, StudyError
from ..chain import Pipeline
from ..pipeline import build, outcome_blind_and_supervised
from ..settings.specification import ModelSpecification
from ..settings.tuning import TUNABLE, Tuning
from .candidates import Candidate, tuning_of, with_options
from .deviance import HeldOutDeviance
from .paths import fits_along, penalties
from .prepared import InnerFold, Prepared

#: Options that the rule of one standard error may make simpler; others are the best's.
_SIMPLER = frozenset({"max_features"})


@dataclass(frozen=True)
class Tried:
    """A candidate at one penalty, and its deviance over inner folds."""

    candidate: Candidate
    penalty: float
    deviance: float
    standard_error: float
    n_folds: int
    n_terms: float  # mean number of terms that are not 0, over the folds


@dataclass(frozen=True)
class Choice:
    """Settings that inner folds chose, all that were tried, and who was chosen."""

    tried: list[Tried]
    chosen: int

    @property
    def best(self) -> Tried:
        """The setting that was chosen."""
        return self.tried[self.chosen]

    def specification(self, tuned: ModelSpecification) -> ModelSpecification:
        """The arm with what was chosen."""
        one = self.best
        return with_options(tuned, dict(one.candidate.options), _known(one.penalty))

    def rows(self, tuned: ModelSpecification) -> list[dict[str, Any]]:
        """Rows of the table of kind "tuning", without the names of arm and fold."""
        return [
            {name: one.candidate.value(tuned, name) for name in TUNABLE}
            | {
                "penalty": one.penalty,
                "n_inner_folds": one.n_folds,
                "deviance": one.deviance,
                "standard_error": one.standard_error,
                "n_terms": one.n_terms,
                "chosen": number == self.chosen,
            }
            for number, one in enumerate(self.tried)
        ]


def search(prepared: Prepared, y: np.ndarray) -> Choice:
    """Compare all candidates and penalties by their deviance in inner folds.

    Parameters
    ----------
    prepared : Prepared
        Rows of the development set.
    y : ndarray, shape (n,)
        Outcomes of its subjects, in their order.

    Raises
    ------
    FitError
        If no candidate can be fitted in the inner folds.
    """
    tuning = tuning_of(prepared.specification)
    tried: list[Tried] = []
    reasons: list[str] = []
    for candidate in prepared.candidates:
        try:
            tried += _compared(prepared, candidate, y, tuning)
        except StudyError as error:
            reasons.append(str(error))
    if not any(np.isfinite(one.deviance) for one in tried):
        why = reasons[0] if reasons else "no inner fold tells them apart."
        raise FitError(f"no setting could be compared in inner folds: {why}")
    return Choice(tried, _chosen(tried, tuning))


def supervised_steps(prepared: Prepared, specification: ModelSpecification) -> Pipeline:
    """Steps that see the outcome and the model of an arm, not fitted."""
    whole = build(
        prepared.columns, specification, None, prepared.phantom, prepared.clusters
    )
    return outcome_blind_and_supervised(whole)[1]


def _compared(
    prepared: Prepared, candidate: Candidate, y: np.ndarray, tuning: Tuning
) -> list[Tried]:
    """One candidate at all its penalties."""
    steps = supervised_steps(prepared, candidate.applied(prepared.specification))
    known = prepared.whole[candidate.blind].development
    grid = penalties(steps, known, y, tuning)
    found, reasons = [], []
    for fold in prepared.inner:
        try:
            found.append(_in_fold(fold, candidate, steps, grid, y))
        except StudyError as failure:
            reasons.append(str(failure))
    if not found:
        raise FitError(reasons[0])
    deviances, weights, terms = (np.array(part) for part in zip(*found, strict=True))
    mean, error = _mean_and_error(deviances, weights)
    n_terms = terms.mean(axis=0).tolist()
    columns = (grid, mean.tolist(), error.tolist(), n_terms)
    return [
        Tried(candidate, penalty, deviance, spread, len(found), n)
        for penalty, deviance, spread, n in zip(*columns, strict=True)
    ]


def _in_fold(
    fold: InnerFold,
    candidate: Candidate,
    steps: Pipeline,
    grid: list[float],
    y: np.ndarray,
) -> tuple[list[float], list[float], list[int]]:
    """Deviance, its weight and the number of terms of each penalty in an inner fold."""
    rows = fold.rows.get(candidate.blind)
    if rows is None:
        raise FitError("steps that see no outcome cannot be fitted in an inner fold.")
    known, held_out = y[fold.development], y[fold.evaluation]
    fits = fits_along(steps, rows.development, rows.evaluation, known, grid)
    deviance_of = HeldOutDeviance(known, held_out).of
    pairs = [deviance_of(fit.development, fit.evaluation) for fit in fits]
    deviance, weight = zip(*pairs, strict=True)
    return list(deviance), list(weight), [fit.n_terms for fit in fits]


def _mean_and_error(
    deviance: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean over the folds (folds, m) and its standard error, (m,) each."""
    known = weight > 0
    total = np.maximum(weight.sum(axis=0), np.finfo(float).tiny)
    values = np.where(known, deviance, 0.0)
    mean = (weight * values).sum(axis=0) / total
    spread = (weight * np.where(known, values - mean, 0.0) ** 2).sum(axis=0) / total
    n = known.sum(axis=0)
    error = np.sqrt(spread / np.maximum(n - 1, 1))
    return np.where(n > 0, mean, np.nan), np.where(n > 1, error, 0.0)


def _chosen(tried: list[Tried], tuning: Tuning) -> int:
    """Place of the best, or of the simplest within one standard error of it."""
    most = max(one.n_folds for one in tried)
    # A setting that fails in some fold is not compared with those that do not.
    deviance = np.array([o.deviance if o.n_folds == most else np.nan for o in tried])
    best = int(np.nanargmin(deviance))
    if tuning.rule == "best":
        return best
    within = deviance <= deviance[best] + tried[best].standard_error
    alike = [
        number
        for number in np.flatnonzero(within)
        if _kept(tried[number].candidate) == _kept(tried[best].candidate)
    ]
    return int(min(alike, key=lambda number: _complexity(tried[number])))


def _kept(candidate: Candidate) -> tuple[tuple[str, Any], ...]:
    """Options that are those of the best."""
    return tuple(one for one in candidate.options if one[0] not in _SIMPLER)


def _complexity(one: Tried) -> tuple[float, float]:
    features = dict(one.candidate.options).get("max_features", 0)
    return float(features), -one.penalty if np.isfinite(one.penalty) else 0.0


def _known(penalty: float) -> float | None:
    return penalty if np.isfinite(penalty) else None
