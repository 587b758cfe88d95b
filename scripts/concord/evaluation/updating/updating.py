"""All updates of a model by the subjects at another hospital, none of them silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ...errors import FitError, StudyError
from ...frozen.document import FrozenModel
from ...frozen.updating import kinds, limits, warranted
from ...frozen.updating.documents import updated
from ...frozen.updating.learning import Learner, Learnt
from ...frozen.updating.samples import updated_samples
from ...frozen.updating.settings import UpdateModel
from ...frozen.updating.subjects import Subjects
from ...statistics.outcome_kinds import OUTCOME_KINDS
from ...tables.kinds import KINDS
from . import update_rows
from .judged_updates import Judge
from .performance import performance


@dataclass(frozen=True)
class Updates:
    """Rows of the tables of one model, and its updated documents by update."""

    rows: list[dict[str, Any]]
    performance: list[dict[str, Any]]
    documents: Mapping[str, FrozenModel] = field(default_factory=dict)


def updates_of(
    arm: str, parent: FrozenModel, predictions: pd.DataFrame, settings: UpdateModel
) -> Updates:
    """Updates of a model by its predictions with outcomes.

    Parameters
    ----------
    arm : str
        Name of the model here.
    parent : FrozenModel
        The model, which is left as it is.
    predictions : DataFrame
        Kind "predictions", of this model; one row per subject.
    settings : UpdateModel

    Returns
    -------
    Updates
        A document of every update that can be made; of others, the rows say why not.
    """
    return _Updating(arm, parent, predictions, settings).found()


class AllUpdates(NamedTuple):
    """Tables of all models, and updated documents by arm and update."""

    updates: pd.DataFrame
    performance: pd.DataFrame
    documents: dict[tuple[str, str], FrozenModel]


def all_updates(
    models: Mapping[str, FrozenModel], predictions: pd.DataFrame, settings: UpdateModel
) -> AllUpdates:
    """Updates of all models of an endpoint, as kinds "updates" and others.

    Parameters
    ----------
    models : mapping
        Models by the name of their arm.
    predictions : DataFrame
        Kind "predictions", of all arms.
    settings : UpdateModel
    """
    found = {
        arm: updates_of(arm, model, predictions[predictions["arm"] == arm], settings)
        for arm, model in models.items()
    }
    rows = [row for one in found.values() for row in one.rows]
    values = [row for one in found.values() for row in one.performance]
    return AllUpdates(
        pd.DataFrame(rows, columns=list(KINDS["updates"])),
        pd.DataFrame(values, columns=list(KINDS["update_performance"])),
        {
            (arm, update): document
            for arm, one in found.items()
            for update, document in one.documents.items()
        },
    )


class _Updating:
    """The updates of one model."""

    def __init__(
        self,
        arm: str,
        parent: FrozenModel,
        predictions: pd.DataFrame,
        settings: UpdateModel,
    ) -> None:
        self.parent, self.settings = parent, settings
        kind, model = OUTCOME_KINDS[settings.kind], parent.model
        self.ladder = kinds.ladder(settings.kind)
        self.subjects = Subjects.of(predictions, kind, model.baseline)
        others_too = self.subjects.had_other.sum() >= settings.smallest.events
        self.learner = Learner(model, parent.specification.ties, bool(others_too))
        self.judge = Judge(
            settings.endpoint, self.subjects, self.learner, settings.days
        )
        self.arm = arm
        self.head = {"endpoint": settings.endpoint, "arm": arm}

    def found(self) -> Updates:
        """Tables and documents."""
        learnt, reasons = self._fitted()
        rows = self._performance(learnt, reasons)
        made = self._documents(learnt, rows, reasons)
        hashes = {kinds.NONE: self.parent.hash}
        hashes |= {update: document.hash for update, document in made.items()}
        table = []
        for update, tested in zip(self.ladder, self._tests(), strict=True):
            row = self.head | update_rows.counts(update, self.subjects, self.learner)
            row |= {"parent": self.parent.hash, "hash": hashes.get(update)}
            row |= {"reason": reasons.get(update)} | tested
            if update in learnt:
                confidence = self.settings.confidence
                row |= update_rows.estimates(learnt[update], self.subjects, confidence)
            table.append(row)
        return Updates(table, [self.head | row for row in rows], made)

    def _fitted(self) -> tuple[dict[str, Learnt], dict[str, str]]:
        """Updates learnt from all subjects, and why others are not made."""
        found, reasons = dict[str, Learnt](), dict[str, str]()
        for update in self.ladder:
            try:
                self._require(update)
                found[update] = self.learner.fit(update, self.subjects)
            except FitError as error:
                reasons[update] = str(error)
        return found, reasons

    def _require(self, update: str) -> None:
        """FitError with the reason if an update is not to be made."""
        days = {*self.settings.days, *self.parent.outcome.at_days}
        smallest = self.settings.smallest
        model, subjects = self.parent.model, self.subjects
        if update != kinds.NONE:
            why = limits.why_not(update, subjects, model, smallest, sorted(days))
            if why is not None:
                raise FitError(why)

    def _performance(
        self, learnt: dict[str, Learnt], reasons: dict[str, str]
    ) -> list[dict[str, Any]]:
        """Calibration before and after; drops an update that folds do not allow."""
        if not len(self.subjects):
            return []
        seed = self.settings.seed
        predictions, failed = self.judge.predictions(learnt, seed, self.arm)
        for update, why in failed.items():
            reasons[update] = f"in cross-validation: {why}"
            del learnt[update]
        known = predictions[predictions["arm"].isin(list(learnt))]
        return performance(self.judge, known, self.settings.confidence)

    def _documents(
        self,
        learnt: dict[str, Learnt],
        rows: Sequence[dict[str, Any]],
        reasons: dict[str, str],
    ) -> dict[str, FrozenModel]:
        """Documents of the updates; a reason of one whose samples cannot be made."""
        made = {}
        for update in [one for one in learnt if one != kinds.NONE]:
            try:
                made[update] = self._document(learnt[update], rows)
            except StudyError as error:
                reasons[update] = str(error)
        return made

    def _document(self, learnt: Learnt, rows: Sequence[dict[str, Any]]) -> FrozenModel:
        seed, subjects = self.settings.seed, self.subjects
        samples = updated_samples(
            self.parent, self.learner, learnt.update, subjects, seed
        )
        expected = list(update_rows.expected(rows, learnt.update, len(subjects)))
        study = self.settings.study
        return updated(self.parent, learnt, subjects, study, expected, samples)

    def _tests(self) -> list[dict[str, Any]]:
        """Columns of the closed test, by the ladder."""
        smallest, model = self.settings.smallest, self.parent.model
        why = warranted.why_untested(self.subjects, model, smallest)
        if why is not None:
            return [{"test": why} for _ in self.ladder]
        names = (self.settings.endpoint, self.arm)
        seed = self.settings.seed
        found = warranted.tests(self.subjects, model, smallest, seed, *names)
        possible = warranted.testable(self.subjects, model, smallest)
        best = warranted.warranted(found, possible, 1 - self.settings.confidence)
        return [
            update_rows.tested(one, found.get(one), possible, best)
            for one in self.ladder
        ]
