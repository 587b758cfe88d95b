"""Fit an arm in every fold of a scheme; score the subjects held out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import provenance
from ..errors import StudyError
from ..stability.reliability import RepeatedMeasurements
from . import folds as folding
from .design import BINARY, Plan, Study, feature_names, study, target
from .pipeline import build, estimates
from .steps import Stable

Measure = Callable[[pd.DataFrame, Plan], Stable | None]
NO_FEATURES = "no features"
_NO_COEFFICIENTS = pd.DataFrame(columns=["term", "penalized", "coefficient"])


@dataclass(frozen=True)
class SchemeFit:
    """Results of one arm in one scheme; the three tables have declared kinds."""

    predictions: pd.DataFrame
    fits: pd.DataFrame
    coefficients: pd.DataFrame
    estimates: dict[str, Any]


@dataclass(frozen=True)
class _Fold:
    """Rows of one fold: tables without the columns that name the arm."""

    predictions: pd.DataFrame
    fit: dict[str, Any]
    coefficients: pd.DataFrame
    estimates: dict[str, Any]


def repeated_measurements(features: pd.DataFrame, plan: Plan) -> Stable | None:
    """Repeated measurements of the subjects in a feature matrix, if needed."""
    if not plan.filters:
        return None
    return RepeatedMeasurements(
        features,
        plan.baseline_session,
        plan.reference_reader,
        plan.stability["retest_sessions"],
        plan.stability["threshold"],
        plan.stability["confidence"],
    )


def fit_scheme(
    cohort: pd.DataFrame,
    features: pd.DataFrame,
    folds: pd.DataFrame,
    plan: Plan,
    scheme: str,
    measure: Measure = repeated_measurements,
) -> SchemeFit:
    """Fit and score one arm in all folds of a scheme.

    Parameters
    ----------
    cohort, features, folds : DataFrame
        The cohort, the feature matrix and the table of kind "folds".
    plan : Plan
        The arm.
    scheme : str
        "cv-<repeat>" or "loso".
    measure : callable, optional
        Makes the repeated measurements of the development subjects.

    Returns
    -------
    SchemeFit
        A fold that could not be fitted is a row of `fits` with status "failed",
        and its subjects are predictions without a score.
    """
    chosen = folding.select(folds, scheme)
    whole = study(cohort, features, plan)
    groups = cohort.set_index("subject_id")["group"]
    labels = {
        "endpoint": plan.endpoint,
        "arm": plan.arm,
        "scheme": chosen["scheme"].iloc[0],
        "repeat": int(chosen["repeat"].iloc[0]),
    }
    results = {
        fold: _fold(whole, development, evaluation, plan, measure)
        for fold, development, evaluation in folding.splits(chosen)
    }
    named = [{**labels, "fold": fold} for fold in results]
    done = list(zip(named, results.values(), strict=True))
    predictions = _below([r.predictions.assign(**names) for names, r in done])
    return SchemeFit(
        predictions.assign(group=predictions["subject_id"].map(groups)),
        pd.DataFrame([{**names, **r.fit} for names, r in done]),
        _below([r.coefficients.assign(**names) for names, r in done]),
        {fold: r.estimates for fold, r in results.items()},
    )


def fit_part(
    cohort: pd.DataFrame,
    features: pd.DataFrame,
    folds: pd.DataFrame,
    plan: Plan,
    part: str,
) -> SchemeFit:
    """Fit one arm in several repeats of the cross-validation, or in "loso".

    Parameters
    ----------
    cohort, features, folds, plan
        As for `fit_scheme`.
    part : str
        "cv-<first>-<last>" or "loso".
    """
    done = {
        scheme: fit_scheme(cohort, features, folds, plan, scheme)
        for scheme in folding.schemes(part)
    }
    return SchemeFit(
        _below([fit.predictions for fit in done.values()]),
        _below([fit.fits for fit in done.values()]),
        _below([fit.coefficients for fit in done.values()]),
        {scheme: fit.estimates for scheme, fit in done.items()},
    )


def fit_development(
    development: Study, plan: Plan, measure: Measure = repeated_measurements
) -> Pipeline:
    """Fit an arm on a study that holds development subjects only."""
    learnable = development.only(development.learnable())
    pipeline = build(
        list(learnable.predictors.columns),
        plan,
        measure(development.measurements, plan),
    )
    y = target(learnable.outcome, plan.kind)
    return pipeline.fit(learnable.predictors, y)


def _fold(
    whole: Study,
    development: list[str],
    evaluation: list[str],
    plan: Plan,
    measure: Measure,
) -> _Fold:
    """Fit one fold; nothing of the evaluation subjects reaches the fit."""
    known, held_out = whole.only(development), whole.only(evaluation)
    summary = _summary(known, held_out)
    try:
        pipeline = fit_development(known, plan, measure)
        scores = _scores(pipeline, known, held_out, plan)
    except StudyError as error:
        empty = _predictions(held_out, None, str(error))
        failed = {**summary, "status": "failed", "message": str(error)}
        return _Fold(empty, failed, _NO_COEFFICIENTS, {})
    learnt = estimates(pipeline)
    model = pipeline.named_steps["model"]
    fit = {
        **summary,
        "status": "ok",
        "n_selected": len(feature_names(model.feature_names_in_)),
        "kkt_residual": model.kkt_residual_,
        "estimates_hash": provenance.digest(learnt),
        "message": _message(known, model.rescue_),
    }
    table = _predictions(held_out, scores, NO_FEATURES)
    return _Fold(table, fit, _coefficients(model), learnt)


def _scores(
    pipeline: Pipeline, known: Study, held_out: Study, plan: Plan
) -> pd.DataFrame:
    """Score, probability and risk group of the subjects that can be scored."""
    rows = held_out.predictors.loc[held_out.scorable()]
    learnt_from = known.predictors.loc[known.learnable()]
    cut = np.median(pipeline.decision_function(learnt_from))
    score = pipeline.decision_function(rows) if len(rows) else np.zeros(0)
    table = pd.DataFrame({"score": score}, index=rows.index)
    table["probability"] = np.nan
    if plan.kind == BINARY and len(rows):
        table["probability"] = pipeline.predict_proba(rows)[:, 1]
    return table.assign(risk_group=np.where(score > cut, "high", "low"))


def _predictions(
    held_out: Study, scores: pd.DataFrame | None, reason: str
) -> pd.DataFrame:
    """One row per evaluation subject; a reason where there is no score."""
    table = held_out.outcome.rename_axis("subject_id")
    if scores is None:
        scores = pd.DataFrame(columns=["score", "probability", "risk_group"])
    table = table.join(scores.reindex(table.index))
    unscored = table["score"].isna()
    table["reason"] = [reason if missing else None for missing in unscored]
    if scores.empty:
        table = table.astype({"score": float, "probability": float})
    return table.reset_index()


def _summary(known: Study, held_out: Study) -> dict[str, Any]:
    learnable = known.learnable()
    return {
        "n_development": len(learnable),
        "n_events": int(known.outcome.loc[learnable, "event"].sum()),
        "n_evaluation": len(held_out.predictors),
        "n_candidates": len(feature_names(known.predictors.columns)),
        "n_selected": None,
        "kkt_residual": np.nan,
        "estimates_hash": None,
    }


def _coefficients(model: Any) -> pd.DataFrame:
    terms = model.feature_names_in_
    return pd.DataFrame(
        {
            "term": terms,
            "penalized": ~np.isin(terms, list(model.unpenalized)),
            "coefficient": model.coef_,
        }
    )


def _message(known: Study, rescue: str) -> str | None:
    left_out = len(known.predictors) - len(known.learnable())
    notes = [f"{left_out} development subjects without outcome or features left out"]
    return (
        "; ".join([*(notes if left_out else []), *([rescue] if rescue else [])]) or None
    )


def _below(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True)
