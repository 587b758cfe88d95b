"""Predictions of a model before and after its updates, as tables of predictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...errors import FitError
from ...folds.scheme import CV, FIXED
from ...frozen.updating import hazards, kinds
from ...frozen.updating.learning import Learner, Learnt
from ...frozen.updating.subjects import Subjects
from ...models.absolute_risk import risks_of_fold
from ...models.estimators.penalized import probability
from ...seeds import generator
from .folds import folds

#: Predictions by an update of all subjects, and by those that did not learn from them.
WHOLE, HELD_OUT = FIXED.name, CV.name
_KEPT = ["subject_id", "cluster", "event", "time_days", "cause", "weight", "stratum"]
_KEYS = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]


class Place(NamedTuple):
    """Update and fold that some predictions belong to."""

    update: str
    scheme: str = WHOLE
    repeat: int = 1
    fold: int = 1


@dataclass(frozen=True)
class Judge:
    """A model with the subjects that update it, and the days of its risks."""

    endpoint: str
    subjects: Subjects
    learner: Learner
    days: Sequence[float]

    def predictions(
        self, updates: Mapping[str, Learnt], seed: int, arm: str
    ) -> tuple[pd.DataFrame, dict[str, str]]:
        """Predictions by each update, and why an update has none for held-out subjects.

        Parameters
        ----------
        updates : mapping
            What was learnt from all subjects; the model as it is among them.
        seed : int
            Start of the choice of folds.
        arm : str
            The model, whose folds are the same for all updates.

        Returns
        -------
        DataFrame
            As kind "predictions" with the update as arm: of scheme `WHOLE` and, by
            repeats and folds, `HELD_OUT`. Columns `expected` (events expected within
            the follow-up) and one of risks for each day, named by the number.
        dict of str to str
            Reasons by update.
        """
        parts = [
            self._part(one, self.subjects, Place(name)) for name, one in updates.items()
        ]
        random = generator(seed, "update_folds", self.endpoint, arm)
        chosen, failed = list(folds(self.subjects, random)), dict[str, str]()
        for name in updates:
            try:
                parts += list(self._held_out(name, chosen))
            except FitError as error:
                failed[name] = str(error)
        return pd.concat(parts, ignore_index=True), failed

    def _held_out(
        self, update: str, chosen: Sequence[np.ndarray]
    ) -> list[pd.DataFrame]:
        """Predictions of each fold by an update of the others."""
        parts = []
        for repeat, fold in enumerate(chosen, 1):
            for number in range(int(fold.max()) + 1):
                mine = fold == number
                others = self.subjects.taken(np.flatnonzero(~mine))
                learnt = self.learner.fit(update, others)
                held = self.subjects.taken(np.flatnonzero(mine))
                place = Place(update, HELD_OUT, repeat, number + 1)
                parts.append(self._part(learnt, held, place))
        return parts

    def _part(self, learnt: Learnt, subjects: Subjects, place: Place) -> pd.DataFrame:
        """Predictions of some subjects by an update."""
        score = np.asarray(learnt.line.of(subjects.score))
        rows = subjects.rows[[name for name in _KEPT if name in subjects.rows]].copy()
        rows = rows.assign(
            endpoint=self.endpoint,
            arm=place.update,
            scheme=place.scheme,
            repeat=place.repeat,
            fold=str(place.fold),
            group="all",
            score=score,
        )
        if not subjects.kind.has_times:
            told = place.update != kinds.NONE or subjects.has_risk
            chance = probability(score) if told else np.full(len(score), np.nan)
            return rows.assign(probability=chance)
        level = hazards.levels(learnt.baseline, subjects)
        rows["expected"] = level * np.exp(score)
        risks = risks_of_fold(learnt.of(self.learner.model), rows, self.days)
        return rows.assign(**dict(zip(map(str, self.days), risks.T, strict=True)))


def risks_of(predictions: pd.DataFrame, days: Sequence[float]) -> pd.DataFrame:
    """Risks of a table of `Judge.predictions`, as kind "risks"."""
    parts = [
        predictions[_KEYS].assign(horizon_days=one, risk=predictions[str(one)])
        for one in days
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_KEYS)
