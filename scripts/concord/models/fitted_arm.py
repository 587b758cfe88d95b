"""An arm rebuilt from its estimates, which scores subjects it has never seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from ..errors import StudyError
from ..folds import cohort as cohorts
from ..folds.splitting import FoldName, Rows
from ..folds.subject_table import feature_matrix, feature_names
from . import pipeline as chains
from .model_kind import MODEL_KINDS
from .unseen_batches import handled

NO_FEATURES = "no features"


@dataclass(frozen=True)
class FrozenArm:
    """A fitted arm and how it treats rows; nothing in it can learn an outcome."""

    endpoint: str
    kind: str  # "binary" or "survival"
    session: str
    reader: str
    columns: list[str]  # of the predictors, in the order of development
    unseen: str | None  # rule for unseen batches; None if nothing is harmonized
    adapt_subjects: int | None
    cut: float  # scores above are of high risk: the median in development
    spread: float  # SD of the scores in development
    pipeline: Pipeline

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> "FrozenArm":
        """The arm of one fold; its scores equal those of the fitted one bit for bit."""
        rebuilt = chains.from_estimates(found["pipeline"])
        return cls(**{**found, "pipeline": rebuilt})

    def predictors(self, rows: Rows) -> pd.DataFrame:
        """Predictors of some subjects, NaN where a feature was not measured."""
        indexed = rows.cohort.set_index("subject_id").sort_index()
        names = feature_names(self.columns)
        try:
            matrix = feature_matrix(rows.features, self.session, self.reader)
        except StudyError:
            matrix = pd.DataFrame(dtype=float)
        features = matrix.reindex(index=indexed.index, columns=names).astype(float)
        others = [name for name in self.columns if name not in set(names)]
        return pd.concat([features, indexed[others]], axis=1)[self.columns]

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
        names = feature_names(self.columns)
        empty = predictors[names].isna().all(axis=1) & bool(names)
        rows = predictors[~empty]
        chain, reasons = self.pipeline, pd.Series(None, rows.index, dtype=object)
        if self.unseen is not None and len(rows):
            chain, reasons = handled(
                chain, rows, self.unseen, self.adapt_subjects or 0, seed
            )
        scores = self._scores(chain, rows[reasons.isna()])
        table = scores.reindex(predictors.index)
        reasons = reasons.reindex(predictors.index)
        table["reason"] = reasons.mask(empty, NO_FEATURES)
        return table

    def _scores(self, chain: Pipeline, rows: pd.DataFrame) -> pd.DataFrame:
        score = chain.decision_function(rows) if len(rows) else np.zeros(0)
        table = pd.DataFrame({"score": score}, index=rows.index)
        table["probability"] = MODEL_KINDS[self.kind].probabilities(chain, rows)
        return table.assign(risk_group=np.where(score > self.cut, "high", "low"))


def predict_folds(
    folds: Iterable[tuple[FoldName, Rows]],
    arms: Mapping[str, Mapping[str, Mapping[str, Any]]],
    endpoint: str,
    seed: int,
) -> pd.DataFrame:
    """Predictions of several arms in several folds, as kind "predictions".

    Parameters
    ----------
    folds : iterable of (FoldName, Rows)
        Evaluation rows of each fold, as `splitting.read` gives them.
    arms : mapping
        By arm, the `estimates` of `fitting.ArmFit`.
    endpoint : str
        The endpoint.
    seed : int
        As for `FrozenArm.predict`.

    Returns
    -------
    DataFrame
        One row per arm, fold and evaluation subject; a reason where there is no
        score.
    """
    found: dict[str, list[pd.DataFrame]] = {arm: [] for arm in arms}
    for name, rows in folds:
        for arm, estimates in arms.items():
            table = predict_fold(rows, estimates[name.part][name.fold], endpoint, seed)
            found[arm].append(table.assign(arm=arm, **name._asdict()))
    parts = [table for tables in found.values() for table in tables if len(table)]
    return pd.concat(parts, ignore_index=True).assign(endpoint=endpoint)


def predict_fold(
    rows: Rows, found: Mapping[str, Any], endpoint: str, seed: int
) -> pd.DataFrame:
    """Predictions of one arm for the evaluation rows of one fold."""
    table = cohorts.outcome(rows.cohort, endpoint).sort_index()
    groups = rows.cohort.set_index("subject_id")["group"].sort_index()
    try:
        scores = _predicted(rows, found, seed)
    except StudyError as error:
        scores = _unscored(table.index, str(error))
    return table.assign(group=groups).join(scores).reset_index(names="subject_id")


def _predicted(rows: Rows, found: Mapping[str, Any], seed: int) -> pd.DataFrame:
    if "failed" in found:
        raise StudyError(found["failed"])
    arm = FrozenArm.from_estimates(found)
    return arm.predict(arm.predictors(rows), seed)


def _unscored(subjects: pd.Index, reason: str) -> pd.DataFrame:
    columns = {"score": np.nan, "probability": np.nan, "risk_group": None}
    return pd.DataFrame({**columns, "reason": reason}, index=subjects)
