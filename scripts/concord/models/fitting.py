"""Fit an arm to the development rows of each fold; nothing else is read here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import provenance
from ..errors import ConfigError, StudyError
from ..folds.splitting import FoldName, Rows
from ..folds.subject_table import feature_names
from ..stability.reliability import RepeatedMeasurements
from .arm import ArmData, arm_data, target
from .pipeline import build, estimates
from .settings import ModelSpecification
from .steps import Stable

Measure = Callable[[pd.DataFrame, ModelSpecification], Stable | None]
_NO_COEFFICIENTS = pd.DataFrame(columns=["term", "penalized", "coefficient"])
_NOTHING: dict[str, Any] = {
    "n_events": None,
    "n_candidates": None,
    "n_selected": None,
    "kkt_residual": np.nan,
    "estimates_hash": None,
}


@dataclass(frozen=True)
class ArmFit:
    """What one arm learnt in some folds; the two tables have declared kinds.

    `estimates` holds by scheme and fold all that a prediction needs (see
    `frozen`), or the reason why there is none under the key "failed".
    """

    fits: pd.DataFrame
    coefficients: pd.DataFrame
    estimates: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class FoldFit:
    """What one arm learnt in one fold."""

    fit: dict[str, Any]
    coefficients: pd.DataFrame
    estimates: dict[str, Any]
    error: StudyError | None = None


def repeated_measurements(
    features: pd.DataFrame, specification: ModelSpecification
) -> Stable | None:
    """Repeated measurements of the subjects in a feature matrix, if needed."""
    stability = specification.stability
    if stability is None:
        return None
    return RepeatedMeasurements(
        features,
        specification.baseline_session,
        specification.reference_reader,
        stability.retest_sessions,
        stability.threshold,
        stability.confidence,
        filter_axes=stability.filter_axes,
        readers=stability.readers,
    )


def fit_folds(
    folds: Iterable[tuple[FoldName, Rows]],
    specification: ModelSpecification,
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
) -> ArmFit:
    """Fit one arm in several folds.

    Parameters
    ----------
    folds : iterable of (FoldName, Rows)
        Development rows of each fold, as `splitting.read` gives them.
    specification : ModelSpecification
        The arm.
    phantom : DataFrame, optional
        Rows that teach the batch effects, if not the patients (see `phantom`).
    measure : callable, optional
        Makes the repeated measurements of the development subjects.

    Returns
    -------
    ArmFit
        A fold that could not be fitted is a row of `fits` with status "failed".

    Raises
    ------
    ConfigError
        If the settings of the arm fit in no fold.
    """
    done = [
        (name, fit_fold(rows, specification, phantom, measure)) for name, rows in folds
    ]
    errors = [fold.error for _, fold in done]
    if errors and all(isinstance(error, ConfigError) for error in errors):
        raise ConfigError(str(errors[0]))
    labels = [
        {
            "endpoint": specification.endpoint,
            "arm": specification.name,
            **name._asdict(),
        }
        for name, _ in done
    ]
    tables = [
        fold.coefficients.assign(**named)
        for named, (_, fold) in zip(labels, done, strict=True)
    ]
    by_scheme: dict[str, dict[str, Any]] = {}
    for name, fold in done:
        by_scheme.setdefault(name.part, {})[name.fold] = fold.estimates
    return ArmFit(
        pd.DataFrame(
            [named | fold.fit for named, (_, fold) in zip(labels, done, strict=True)]
        ),
        pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True),
        by_scheme,
    )


def fit_fold(
    rows: Rows,
    specification: ModelSpecification,
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
) -> FoldFit:
    """Fit one arm to development rows."""
    try:
        known = arm_data(rows.cohort, rows.features, specification)
    except StudyError as error:
        return _failed({"n_development": len(rows.cohort)}, error)
    summary = _summary(known)
    try:
        pipeline = fit_development(known, specification, measure, phantom)
        learnt = freeze(pipeline, known, specification)
    except StudyError as error:
        return _failed(summary, error)
    model = pipeline.named_steps["model"]
    fit = {
        **summary,
        "status": "ok",
        "n_selected": len(feature_names(model.feature_names_in_)),
        "kkt_residual": model.kkt_residual_,
        "estimates_hash": provenance.digest(learnt),
        "message": _message(known, model.rescue_),
    }
    return FoldFit(fit, _coefficients(model), learnt)


def fit_development(
    development: ArmData,
    specification: ModelSpecification,
    measure: Measure = repeated_measurements,
    phantom: pd.DataFrame | None = None,
) -> Pipeline:
    """Fit an arm on a study that holds development subjects only."""
    learnable = development.only(development.learnable())
    pipeline = build(
        list(learnable.predictors.columns),
        specification,
        measure(development.measurements, specification),
        phantom,
    )
    y = target(learnable.outcome, specification.kind)
    return pipeline.fit(learnable.predictors, y)


def freeze(
    pipeline: Pipeline, known: ArmData, specification: ModelSpecification
) -> dict[str, Any]:
    """All that is needed to predict, as JSON values; see `frozen.FrozenArm`."""
    learnt_from = known.predictors.loc[known.learnable()]
    scores = pipeline.decision_function(learnt_from)
    harmonization = specification.harmonization
    return {
        "endpoint": specification.endpoint,
        "kind": specification.kind,
        "session": specification.baseline_session,
        "reader": specification.reference_reader,
        "columns": list(known.predictors.columns),
        "unseen": harmonization.unseen if harmonization else None,
        "adapt_subjects": harmonization.n_adapting if harmonization else None,
        "cut": float(np.median(scores)),
        "spread": float(np.std(scores, ddof=1)),
        "pipeline": estimates(pipeline),
    }


def _failed(summary: dict[str, Any], error: StudyError) -> FoldFit:
    fit = {**_NOTHING, **summary, "status": "failed", "message": str(error)}
    return FoldFit(fit, _NO_COEFFICIENTS, {"failed": str(error)}, error)


def _summary(known: ArmData) -> dict[str, Any]:
    learnable = known.learnable()
    return {
        "n_development": len(learnable),
        "n_events": int(known.outcome.loc[learnable, "event"].sum()),
        "n_candidates": len(feature_names(known.predictors.columns)),
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


def _message(known: ArmData, rescue: str) -> str | None:
    left_out = len(known.predictors) - len(known.learnable())
    notes = [f"{left_out} development subjects without outcome or features left out"]
    return (
        "; ".join([*(notes if left_out else []), *([rescue] if rescue else [])]) or None
    )
