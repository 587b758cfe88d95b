"""Predictions of fitted models for subjects that they have never seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..errors import StudyError
from ..folds import completeness
from ..folds.scheme import require_evaluated
from ..folds.splitting import FoldName, SubjectRows
from ..folds.subject_table import feature_names
from ..statistics.risk_groups import named
from . import pipeline as pipelines
from .chain import Pipeline
from .estimators.model_kind import MODEL_KINDS
from .fitted_model import Estimates, FittedModel, FittedModels
from .fusion.prediction import FusedPredictor
from .thresholds import columns as threshold_columns
from .unscored import NO_ROW
from .unseen_batches import resolve_unseen_batches


@dataclass(frozen=True)
class Predictor:
    """Fitted model that scores rows; nothing in it can learn an outcome."""

    estimates: Estimates
    pipeline: Pipeline

    @classmethod
    def of(cls, model: FittedModel) -> "Predictor | FusedPredictor":
        """Predictor of a fitted model; its scores equal those of the fit bit for bit.

        Raises
        ------
        StudyError
            With the reason, if the fit failed.
        """
        return cls.rebuilt(model.required_estimates())

    @classmethod
    def rebuilt(cls, found: Estimates) -> "Predictor | FusedPredictor":
        """Predictor of estimates; of a fused arm, that of all its members."""
        if found.fusion is None:
            return cls(found, pipelines.from_estimates(found.pipeline))
        members = {
            name: cls.rebuilt(member.estimates)
            for name, member in found.fusion.members.items()
        }
        return FusedPredictor(found, found.fusion, members)

    def predictors(self, rows: SubjectRows) -> pd.DataFrame:
        """Predictors of some subjects, NaN where a feature was not measured."""
        indexed = rows.by_subject
        names = feature_names(self.estimates.columns)
        try:
            known = self.estimates
            matrix = rows.matrix(known.session, known.reader)
        except StudyError:
            matrix = pd.DataFrame(dtype=float)
        features = matrix.reindex(index=indexed.index, columns=names).astype(float)
        columns = self.estimates.columns
        others = [name for name in columns if name not in set(names)]
        table = pd.concat([features, indexed[others]], axis=1)
        return table if list(table.columns) == columns else table[columns]

    def scored(self, rows: SubjectRows, seed: int) -> pd.DataFrame:
        """As `predict`, by subject, or why none of the rows has a score."""
        try:
            table = self.predict(self.predictors(rows), seed)
        except StudyError as error:
            return _unscored(rows.by_subject.index, str(error))
        return table.assign(reason=self._told(table["reason"], rows.features))

    def _told(self, reasons: pd.Series, features: pd.DataFrame) -> pd.Series:
        """Reasons by subject, told apart for those who were not measured at all."""
        session, reader = self.estimates.session, self.estimates.reader
        own = (features["session"] == session) & (features["reader"] == reader)
        measured = reasons.index.isin(features.loc[own, "subject_id"])
        text = f"{NO_ROW} of session {session!r} by reader {reader!r}"
        return reasons.mask((reasons == completeness.NO_FEATURES) & ~measured, text)

    def of_reader(self, reader: str) -> "Predictor":
        """The same model for features of another reader's segmentations."""
        changed = self.estimates.model_copy(update={"reader": reader})
        return Predictor(changed, self.pipeline)

    def predict(self, predictors: pd.DataFrame, seed: int) -> pd.DataFrame:
        """Score, probability, risk group, or the reason why there is none.

        Parameters
        ----------
        predictors : DataFrame
            From `predictors`; no row of development.
        seed : int
            Start of the choice of subjects that adapt an unseen batch.

        Returns
        -------
        DataFrame
            Index as given; columns `score`, `probability` (NaN for survival),
            `risk_group` and `reason`; `n_predictors`, and `n_missing` of them.
        """
        missing = self._missing(predictors)
        limit = self.estimates.max_missing
        why = completeness.reasons(predictors, missing, limit)
        rows = predictors[why.isna()]
        pipeline, reasons = self.pipeline, pd.Series(None, rows.index, dtype=object)
        rule, k = self.estimates.unseen, self.estimates.adapt_subjects or 0
        if rule is not None and len(rows):
            pipeline, reasons = resolve_unseen_batches(pipeline, rows, rule, k, seed)
        scores = self._scores(pipeline, rows[reasons.isna()])
        table = scores.reindex(predictors.index)
        reasons = reasons.reindex(predictors.index)
        return table.assign(
            reason=reasons.where(why.isna(), why),
            n_predictors=sum(one.n for one in missing),
            n_missing=sum(one.n_missing for one in missing),
        )

    def _missing(self, rows: pd.DataFrame) -> tuple[completeness.Missing, ...]:
        """Features and covariates that rows have not."""
        covariates = self.pipeline.named_steps["indicators"].covariates
        return completeness.missing(rows, covariates, self.estimates.unmeasured)

    def _scores(self, pipeline: Pipeline, rows: pd.DataFrame) -> pd.DataFrame:
        score = pipeline.decision_function(rows) if len(rows) else np.zeros(0)
        kind, line = MODEL_KINDS[self.estimates.kind], self.estimates.recalibration
        model = pipeline.named_steps["model"]
        if line is not None:
            # Recalibrated scores are log odds, also those of a score that had none.
            score, model = line.of(score), None
        table = pd.DataFrame({"score": score}, index=rows.index)
        table["probability"] = kind.probabilities(score, model)
        return table.assign(risk_group=named(score, self.estimates.cuts))


def predict_folds(
    folds: Iterable[tuple[FoldName, SubjectRows]],
    arms: Mapping[str, FittedModels],
    endpoint: str,
    seed: int,
) -> pd.DataFrame:
    """Predictions of several arms in several folds, as kind "predictions".

    Parameters
    ----------
    folds : iterable of (FoldName, SubjectRows)
        Evaluation rows of each fold, as `splitting.read` gives them.
    arms : mapping
        Fitted models of each arm.
    endpoint : str
        The endpoint.
    seed : int
        As for `Predictor.predict`.

    Returns
    -------
    DataFrame
        One row per arm, fold and evaluation subject; a reason where there is no
        score.
    """
    known = list(folds)
    require_evaluated(
        pd.DataFrame([name._asdict() for name, _ in known]), "predictions"
    )
    outcomes = [rows.outcomes(endpoint) for _, rows in known]
    parts = []
    for arm, fitted in arms.items():
        for (name, rows), table in zip(known, outcomes, strict=True):
            model = fitted.of_fold(name)
            scores = with_thresholds(predict_fold(rows, model, seed), model)
            labels = {"arm": arm, **name._asdict()}
            parts.append(Labelled(labels, table.join(scores)))
    return together(parts).assign(endpoint=endpoint)


def with_thresholds(table: pd.DataFrame, model: FittedModel) -> pd.DataFrame:
    """Predictions with the thresholds that their model learnt in development."""
    known = model.estimates.thresholds if model.estimates else {}
    return table.assign(**threshold_columns(known))


def predict_fold(rows: SubjectRows, model: FittedModel, seed: int) -> pd.DataFrame:
    """Scores of one fitted model for the evaluation rows of its fold, by subject."""
    try:
        return Predictor.of(model).scored(rows, seed)
    except StudyError as error:
        return _unscored(rows.by_subject.index, str(error))


class Labelled(NamedTuple):
    """Table of one arm and fold, and the columns that name them."""

    labels: dict[str, Any]
    table: pd.DataFrame


def together(parts: Iterable[Labelled]) -> pd.DataFrame:
    """One table of all parts that have rows, with the columns of their labels."""
    filled = [part for part in parts if len(part.table)]
    sizes = [len(part.table) for part in filled]
    table = pd.concat([part.table for part in filled]).reset_index(names="subject_id")
    names = list(filled[0].labels)
    return table.assign(
        **{
            name: np.repeat(
                np.array([part.labels[name] for part in filled], dtype=object), sizes
            )
            for name in names
        }
    )


def _unscored(subjects: pd.Index, reason: str) -> pd.DataFrame:
    columns = {"score": np.nan, "probability": np.nan, "risk_group": None}
    unknown = dict.fromkeys(("n_predictors", "n_missing"), pd.NA)
    return pd.DataFrame({**columns, "reason": reason, **unknown}, index=subjects)
