"""Tables of the analyses of one job: values, intervals and permuted values."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...folds.splitting import SubjectRows
from ...models.null.permuted_folds import remaking
from ..calibration import Calibration
from ..fold_errors import difference_interval, share_interval
from ..fold_values import FoldValues, is_by_group, sets_of
from .fits import JudgedAnalysis, ScoredFold, judged_analyses
from .permuted_outcomes import PermutedOutcomes
from .settings import FitMultiverse

#: Why an analysis has no value although nothing failed.
NO_VALUE = "no fold has a pair to compare"


def multiverse_values(
    rows: SubjectRows, folds: pd.DataFrame, settings: FitMultiverse
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the kinds "specifications" and "specification_null" of one job.

    Parameters
    ----------
    rows, folds
        The study and its folds.
    settings : FitMultiverse
        The analyses.
    """
    headline, seed = settings.headline, settings.seed
    known = PermutedOutcomes.of(
        rows, headline.endpoint, headline.outcome, settings.n_permutations, seed
    )
    remake = remaking(rows.cohort, headline.endpoint, settings.validation, seed)
    pairs = [settings.models_of(one) for one in settings.specifications]
    models = {model.model_dump_json(): model for pair in pairs for model in pair}
    found = judged_analyses(
        rows, folds, list(models.values()), settings.scheme, known, remake
    )
    judged = dict(zip(models, found, strict=True))
    judge = _Judge(known, settings, {id(one): one.calibration for one in found})
    head = {"endpoint": headline.endpoint, "scheme": settings.scheme}
    metric = headline.outcome.metric
    values, null = [], []
    for one, pair in zip(settings.specifications, pairs, strict=True):
        mine, other = (judged[model.model_dump_json()] for model in pair)
        label = head | {"specification": one.number}
        values.append(label | {"metric": metric} | judge.row(mine, other))
        null += [label | row for row in _null_rows(mine)]
    return values, null


def _null_rows(one: JudgedAnalysis) -> list[dict[str, Any]]:
    """Number and value of each permutation of an analysis."""
    values = one.permuted["estimate"].tolist()
    return [
        {"permutation": permutation, "estimate": value}
        for permutation, value in enumerate(values, 1)
    ]


@dataclass(frozen=True)
class _Judge:
    """Intervals of analyses of one job, whose errors permutations widen."""

    known: PermutedOutcomes
    settings: FitMultiverse
    calibrations: dict[int, Calibration]

    def row(self, mine: JudgedAnalysis, other: JudgedAnalysis) -> dict[str, Any]:
        """Value of an analysis with its interval, and its difference to another."""
        scheme, values = self.settings.scheme, mine.values(self.known)
        interval = share_interval(
            values,
            self.calibrations[id(mine)],
            self.settings.confidence,
            f"mean over {sets_of(scheme)}",
            is_by_group(scheme),
        )
        failed = not np.isfinite(interval.estimate)
        reasons = [*dict.fromkeys(mine.reasons), NO_VALUE]
        return {
            **self._counts(mine),
            "n_folds": values.n_defined,
            "estimate": interval.estimate,
            "lower": interval.lower,
            "upper": interval.upper,
            "method": interval.method,
            "first_repeat": values.first_repeat,
            **self._difference(mine, other),
            "status": "failed" if failed else "ok",
            "reason": reasons[0] if failed else interval.reason,
        }

    def _counts(self, one: JudgedAnalysis) -> dict[str, int]:
        scored = [fold.places for fold in one.folds.values() if fold is not None]
        subjects = np.unique(np.concatenate([np.zeros(0, dtype=int), *scored]))
        events = self.known.events.to_numpy()[subjects]
        return {"n": len(subjects), "n_events": int(events.sum())}

    def _difference(
        self, mine: JudgedAnalysis, other: JudgedAnalysis
    ) -> dict[str, Any]:
        """Paired difference to the reference, of subjects that both score."""
        first, second = _of_both(mine, other)
        ours = mine.values_of(first, self.known)
        theirs = other.values_of(second, self.known)
        own, of_other = (self.calibrations[id(one)] for one in (mine, other))
        scheme = self.settings.scheme
        found = difference_interval(
            ours.minus(theirs),
            own.widest(of_other),
            self.settings.confidence,
            f"paired mean over {sets_of(scheme)}",
            is_by_group(scheme),
        )
        return {
            "reference_estimate": _mean_of_both(theirs, ours),
            "difference": found.estimate,
            "difference_lower": found.lower,
            "difference_upper": found.upper,
        }


def _mean_of_both(values: FoldValues, other: FoldValues) -> float:
    """Mean over the folds in which both have a value."""
    both = values.defined & other.defined
    return float(values.values[both].mean()) if both.any() else float("nan")


def _of_both(
    mine: JudgedAnalysis, other: JudgedAnalysis
) -> tuple[dict[Any, ScoredFold | None], dict[Any, ScoredFold | None]]:
    """Folds of two analyses with the subjects that both score."""
    first: dict[Any, ScoredFold | None] = {}
    second: dict[Any, ScoredFold | None] = {}
    for key, ours in mine.folds.items():
        theirs = other.folds.get(key)
        first[key], second[key] = None, None
        if ours is not None and theirs is not None:
            _, a, b = np.intersect1d(ours.places, theirs.places, return_indices=True)
            first[key] = ScoredFold(*(part[a] for part in ours))
            second[key] = ScoredFold(*(part[b] for part in theirs))
    return first, second
