"""All updates of a model by the subjects at another hospital, none of them silent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...errors import FitError, StudyError
from ...frozen.development import ExpectedPerformance
from ...frozen.document import FrozenModel
from ...frozen.updating import errors, kinds, limits, warranted
from ...frozen.updating.documents import CROSS_VALIDATED as CROSS_VALIDATED_UPDATE
from ...frozen.updating.documents import note_of, updated
from ...frozen.updating.learning import Learner, Learnt
from ...frozen.updating.samples import updated_samples
from ...frozen.updating.settings import UpdateModel
from ...frozen.updating.subjects import Subjects
from ...statistics.outcome_kinds import OUTCOME_KINDS
from ...statistics.updating.closed_test import Tested
from ...tables.kinds import KINDS
from .judged_updates import Judge
from .performance import CROSS_VALIDATED, defined, performance

_OTHERS = "hazard of other causes updated too, by {n} events of them"
_KEPT_OTHERS = "hazard of other causes kept: {n} events of them, expected {least}"
_WEIGHTS = "weights for censoring are taken as given"


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
        self.n_other = int(self.subjects.had_other.sum())
        others_too = self.n_other >= settings.smallest.events
        self.learner = Learner(model, parent.specification.ties, others_too)
        self.judge = Judge(
            settings.endpoint, self.subjects, self.learner, settings.days
        )
        self.arm = arm
        self.head = {"endpoint": settings.endpoint, "arm": arm}

    def found(self) -> Updates:
        """Tables and documents."""
        learnt, reasons = self._learnt()
        rows = self._performance(learnt, reasons)
        made = self._documents(learnt, rows, reasons)
        table = [self._row(update, reasons) for update in self.ladder]
        for row, tested in zip(table, self._tests(), strict=True):
            update = row["update"]
            if update in learnt:
                row |= self._estimates(learnt[update])
            if update in made:
                row["hash"] = made[update].hash
            row |= tested
        return Updates(table, [self.head | row for row in rows], made)

    def _learnt(self) -> tuple[dict[str, Learnt], dict[str, str]]:
        """What each update learns of all subjects, and why others learn nothing."""
        found, reasons = dict[str, Learnt](), dict[str, str]()
        for update in self.ladder:
            try:
                self._require(update)
                found[update] = self.learner.learn(update, self.subjects)
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
        expected = list(_expected(rows, learnt.update, len(subjects)))
        study = self.settings.study
        return updated(self.parent, learnt, subjects, study, expected, samples)

    def _row(self, update: str, reasons: Mapping[str, str]) -> dict[str, Any]:
        """Row of kind "updates" without estimates and test."""
        subjects = self.subjects
        return self.head | {
            "update": update,
            "parent": self.parent.hash,
            "hash": self.parent.hash if update == kinds.NONE else None,
            "n": len(subjects),
            "n_events": subjects.n_events,
            "n_clusters": int(subjects.rows["cluster"].nunique()),
            "n_left_out": subjects.n_left_out,
            "note": self._note(update),
            "reason": reasons.get(update),
        }

    def _note(self, update: str) -> str | None:
        """Words for what an update takes as given."""
        told = [_WEIGHTS] if self.subjects.is_weighted else []
        if "cause" in self.subjects.rows and update != kinds.NONE:
            words = _OTHERS if self.learner.others_too else _KEPT_OTHERS
            least = self.settings.smallest.events
            told.append(words.format(n=self.n_other, least=least))
        return "; ".join(told) or None

    def _estimates(self, learnt: Learnt) -> dict[str, Any]:
        """Line and factors with their intervals; nothing of the model as it is."""
        if learnt.update == kinds.NONE:
            return {}
        found = errors.bounds(learnt, self.subjects, self.settings.confidence)
        pairs = {
            "intercept": found.intercept,
            "slope": found.slope,
            "hazard_factor": found.factor,
        }
        row: dict[str, Any] = {
            "intercept": learnt.line.intercept,
            "slope": learnt.line.slope,
            "hazard_factor": learnt.factor,
            "competing_factor": learnt.competing_factor,
            "method": found.method or None,
        }
        for name, (low, high) in pairs.items():
            row |= {f"{name}_lower": low, f"{name}_upper": high}
        return row

    def _tests(self) -> list[dict[str, Any]]:
        """Columns of the closed test, by the ladder."""
        smallest, model = self.settings.smallest, self.parent.model
        why = warranted.why_untested(self.subjects, model, smallest)
        if why is not None:
            return [{"test": why} for _ in self.ladder]
        names = (self.settings.endpoint, self.arm)
        found = warranted.tests(
            self.subjects, model, smallest, self.settings.seed, *names
        )
        possible = warranted.testable(self.subjects, smallest)
        level = 1 - self.settings.confidence
        best = warranted.warranted(found, possible, level)
        return [
            _tested(update, found.get(update), possible, best) for update in self.ladder
        ]


def _tested(
    update: str, test: Tested | None, possible: Sequence[str], best: str
) -> dict[str, Any]:
    """Columns of the test of one update against the largest."""
    row: dict[str, Any] = {"warranted": int(update == best)}
    if test is None:
        largest = update == possible[-1]
        return row | {"test": "the largest" if largest else "not tested: too few"}
    return row | {
        "statistic": test.statistic,
        "df": test.df,
        "largest": possible[-1],
        "p_value": test.p_value,
        "test": test.method,
    }


def _expected(
    rows: Sequence[dict[str, Any]], update: str, n: int
) -> Iterator[ExpectedPerformance]:
    """Performance of an updated model as it was cross-validated."""
    for row in defined(rows, CROSS_VALIDATED):
        if row["update"] != update:
            continue
        days = row["horizon_days"]
        at = "" if np.isnan(days) else f"_at_{days:g}_days"
        bounds = {
            one: float(row[one]) if np.isfinite(row[one]) else None
            for one in ("lower", "upper")
        }
        yield ExpectedPerformance(
            metric=f"{row['metric']}{at}",
            scheme=CROSS_VALIDATED_UPDATE,
            estimate=float(row["estimate"]),
            **bounds,
            method=str(row["method"]),
            n=int(row["n"]),
            n_events=int(row["n_events"]),
            note=note_of(n),
        )
