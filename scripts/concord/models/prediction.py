"""Predictions of fitted models for subjects that they have never seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from ..errors import StudyError
from ..folds import cohort as cohorts
from ..folds.scheme import require_evaluated
from ..folds.splitting import FoldName, SubjectRows
from ..folds.subject_table import feature_names
from . import pipeline as pipelines
from .fitted_model import Estimates, FittedModel, FittedModels
from .model_kind import MODEL_KINDS
from .unseen_batches import resolve_unseen_batches

NO_FEATURES = "no features"


@dataclass(frozen=True)
class Predictor:
    """Fitted model that scores rows; nothing in it can learn an outcome."""

    estimates: Estimates
    pipeline: Pipeline

    @classmethod
    def of(cls, model: FittedModel) -> "Predictor":
        """Predictor of a fitted model; its scores equal those of the fit bit for bit.

        Raises
        ------
        StudyError
            With the reason, if the fit failed.
        """
        found = model.required_estimates()
        return cls(found, pipelines.from_estimates(found.pipeline))

    def predictors(self, rows: SubjectRows) -> pd.DataFrame:
        """Predictors of some subjects, NaN where a feature was not measured."""
        indexed = rows.cohort.set_index("subject_id").sort_index()
        names = feature_names(self.estimates.columns)
        try:
            known = self.estimates
            matrix = rows.matrix(known.session, known.reader)
        except StudyError:
            matrix = pd.DataFrame(dtype=float)
        features = matrix.reindex(index=indexed.index, columns=names).astype(float)
        columns = self.estimates.columns
        others = [name for name in columns if name not in set(names)]
        return pd.concat([features, indexed[others]], axis=1)[columns]

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
            `risk_group` and `reason`.
        """
        names = feature_names(self.estimates.columns)
        empty = predictors[names].isna().all(axis=1) & bool(names)
        rows = predictors[~empty]
        pipeline, reasons = self.pipeline, pd.Series(None, rows.index, dtype=object)
        rule, k = self.estimates.unseen, self.estimates.adapt_subjects or 0
        if rule is not None and len(rows):
            pipeline, reasons = resolve_unseen_batches(pipeline, rows, rule, k, seed)
        scores = self._scores(pipeline, rows[reasons.isna()])
        table = scores.reindex(predictors.index)
        reasons = reasons.reindex(predictors.index)
        table["reason"] = reasons.mask(empty, NO_FEATURES)
        return table

    def _scores(self, pipeline: Pipeline, rows: pd.DataFrame) -> pd.DataFrame:
        score = pipeline.decision_function(rows) if len(rows) else np.zeros(0)
        table = pd.DataFrame({"score": score}, index=rows.index)
        table["probability"] = MODEL_KINDS[self.estimates.kind].probabilities(score)
        return table.assign(
            risk_group=np.where(score > self.estimates.cut, "high", "low")
        )


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
    found: dict[str, list[pd.DataFrame]] = {arm: [] for arm in arms}
    for name, rows in folds:
        require_evaluated(pd.DataFrame([name._asdict()]), "predictions")
        for arm, fitted in arms.items():
            table = predict_fold(rows, fitted.of_fold(name), endpoint, seed)
            found[arm].append(table.assign(arm=arm, **name._asdict()))
    parts = [table for tables in found.values() for table in tables if len(table)]
    return pd.concat(parts, ignore_index=True).assign(endpoint=endpoint)


def predict_fold(
    rows: SubjectRows, model: FittedModel, endpoint: str, seed: int
) -> pd.DataFrame:
    """Predictions of one fitted model for the evaluation rows of its fold."""
    table = cohorts.outcome(rows.cohort, endpoint).sort_index()
    groups = rows.cohort.set_index("subject_id")["group"].sort_index()
    try:
        predictor = Predictor.of(model)
        scores = predictor.predict(predictor.predictors(rows), seed)
    except StudyError as error:
        scores = _unscored(table.index, str(error))
    return table.assign(group=groups).join(scores).reset_index(names="subject_id")


def _unscored(subjects: pd.Index, reason: str) -> pd.DataFrame:
    columns = {"score": np.nan, "probability": np.nan, "risk_group": None}
    return pd.DataFrame({**columns, "reason": reason}, index=subjects)
