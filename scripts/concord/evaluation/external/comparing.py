"""Tables of external validation: all models of an endpoint, in both populations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...folds.splitting import SubjectRows
from ...frozen.document import FrozenModel
from ...models.prediction import Predictor
from ...statistics.outcome_kinds import OUTCOME_KINDS, OutcomeKind
from ...tables.kinds import KINDS
from ..probabilities import calibration_table
from ..probabilities import judged as calibrated
from . import rows
from .calibration import calibration_rows
from .case_mix import CaseMix
from .discrimination import discrimination_rows
from .populations import Judgeable, counts, of_arm, populations
from .predictors import membership_row, score_rows
from .score_shift import score_shift
from .settings import CompareExpected

#: Quantities of which the counts are those of calibration.
_CALIBRATION = (rows.IN_THE_LARGE, rows.SLOPE, rows.RATIO, rows.ICI)


@dataclass(frozen=True)
class External:
    """An external set: predictions of frozen models, with outcomes.

    Attributes
    ----------
    settings : CompareExpected
    documents : mapping
        Frozen models by the name that they have here.
    predictions, risks : DataFrame
        Kinds "predictions" and "risks": applicable scores, scheme fixed.
    scores : DataFrame
        Kind "patient_scores": all of them.
    subjects : SubjectRows
        Cohort and features, for the membership model.
    """

    settings: CompareExpected
    documents: Mapping[str, FrozenModel]
    predictions: pd.DataFrame
    risks: pd.DataFrame
    scores: pd.DataFrame
    subjects: SubjectRows

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables of kinds "external", "external_scores" and "external_models"."""
        found: dict[str, list[dict[str, Any]]] = {
            "external": [],
            "external_scores": [],
            "external_models": [],
        }
        for arm, document in self._mine():
            head = {"endpoint": self.settings.endpoint, "arm": arm}
            predictions, risks, scores = self._of(arm)
            facts = head | _facts(document) | counts(predictions, scores)
            found["external_models"].append(facts)
            inputs = _predictors(document, self.subjects)
            for one in populations(predictions, risks, scores, self.subjects.cohort):
                own = head | {"population": one.name}
                shift = score_shift(one.predictions.dropna(subset="score"), document)
                found["external_scores"] += [own | row for row in shift]
                lines = self._lines(one, document, inputs)
                found["external"] += [own | row for row in lines]
        return {
            kind: pd.DataFrame(lines, columns=list(KINDS[kind]))
            for kind, lines in found.items()
        }

    def _mine(self) -> Iterator[tuple[str, FrozenModel]]:
        """Models of this endpoint, by their names here."""
        for arm in self.settings.arms:
            if arm in self.documents:
                yield arm, self.documents[arm]

    def _of(self, arm: str) -> list[pd.DataFrame]:
        given = (self.predictions, self.risks, self.scores)
        return [of_arm(table, self.settings.endpoint, arm) for table in given]

    def _lines(
        self, one: Judgeable, document: FrozenModel, inputs: pd.DataFrame | None
    ) -> Iterator[dict[str, Any]]:
        """Rows of kind "external" of one arm and population."""
        settings, judged = self.settings, one.rows
        kind, confidence = OUTCOME_KINDS[settings.kind], settings.confidence
        numbers = {"n": len(judged), "n_events": int(judged["event"].sum())}
        found = [
            *discrimination_rows(judged, document, kind, confidence),
            *score_rows(
                judged, CaseMix.of(document, judged, kind.has_times), confidence
            ),
            membership_row(judged, inputs, document, confidence, settings.seed),
        ]
        yield from ({"metric": kind.metric} | numbers | row for row in found)
        table = _calibration(one, kind, confidence)
        for row in calibration_rows(table, document):
            yield {"metric": kind.metric} | numbers | row


def _calibration(one: Judgeable, kind: OutcomeKind, confidence: float) -> pd.DataFrame:
    """Calibration by the functions that rule calibrate uses."""
    found = list(calibrated.parts(one.predictions, one.risks, kind.has_times))
    return calibration_table.calibration(found, confidence)


def _predictors(document: FrozenModel, subjects: SubjectRows) -> pd.DataFrame:
    """Numeric predictors as measured, by subject."""
    return Predictor.of(document.model).predictors(subjects)


def _facts(document: FrozenModel) -> dict[str, Any]:
    """Facts that tell the model, for a reader who has the tables alone."""
    population = document.population
    parent = document.origin.parent
    return {
        "label": document.label,
        "model_hash": document.hash,
        "parent_hash": parent.hash if parent else None,
        "intended_use": document.intended_use or None,
        "study": document.origin.study,
        "development": document.origin.development,
        "n_development": population.n or None,
        "n_events_development": population.n_events,
        "groups": "; ".join(f"{k} ({v})" for k, v in sorted(population.groups.items()))
        or None,
    }
