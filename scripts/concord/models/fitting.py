"""Fit an arm to the development rows of each fold; nothing else is read here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .. import provenance
from ..errors import ConfigError, StudyError
from ..folds.splitting import FoldName, SubjectRows
from ..folds.subject_table import feature_names
from ..stability.reliability import RepeatedMeasurements
from .arm import ArmData, arm_data
from .chain import Pipeline
from .fitted_model import Estimates, FittedModel, FittedModels, Range
from .model_kind import MODEL_KINDS
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
    """Fit of one arm in some folds: two tables of declared kinds, and the models."""

    fits: pd.DataFrame
    coefficients: pd.DataFrame
    models: FittedModels
    error: StudyError | None = None  # of settings that fit in no fold


@dataclass(frozen=True)
class FoldFit:
    """Fit of one arm in one fold: its row of the fits, terms and model."""

    name: FoldName
    fit: dict[str, Any]
    coefficients: pd.DataFrame
    model: FittedModel
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


class MeasuredOnce:
    """Repeated measurements of the subjects of one fold, arranged once for all arms.

    Parameters
    ----------
    measure : callable
        Makes the repeated measurements of the development subjects.
    """

    def __init__(self, measure: Measure = repeated_measurements) -> None:
        self._measure = measure
        self._known: dict[Any, Stable | None] = {}

    def __call__(
        self, features: pd.DataFrame, specification: ModelSpecification
    ) -> Stable | None:
        """As `measure`; rows of the same subjects must be the same rows."""
        stability = specification.stability
        if stability is None:
            return self._measure(features, specification)
        subjects = frozenset(features["subject_id"])
        session = specification.baseline_session
        key = subjects, session, specification.reference_reader, repr(stability)
        if key not in self._known:
            self._known[key] = self._measure(features, specification)
        return self._known[key]


def fit_arms(
    folds: Iterable[tuple[FoldName, SubjectRows]],
    specifications: Sequence[ModelSpecification],
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
    recipe_hashes: Mapping[str, str] | None = None,
) -> list[ArmFit]:
    """Fit several arms in several folds; what arms have in common is made once.

    Parameters
    ----------
    folds : iterable of (FoldName, SubjectRows)
        Development rows of each fold, as `splitting.read` gives them.
    specifications : sequence of ModelSpecification
        The arms.
    phantom : DataFrame, optional
        Rows to estimate batch effects from, if not the patients (see `phantom`).
    measure : callable, optional
        Makes the repeated measurements of the development subjects.
    recipe_hashes : mapping, optional
        Hash of the recipe of each feature by its full name, for the document.

    Returns
    -------
    list of ArmFit
        One per specification. A fold that could not be fitted is a row of `fits` with
        status "failed".
    """
    done: list[list[FoldFit]] = [[] for _ in specifications]
    for name, rows in folds:
        once = MeasuredOnce(measure)
        for fits, specification in zip(done, specifications, strict=True):
            fits.append(fit_fold(name, rows, specification, phantom, once))
    return [
        _arm_fit(fits, specification, recipe_hashes)
        for fits, specification in zip(done, specifications, strict=True)
    ]


def fit_folds(
    folds: Iterable[tuple[FoldName, SubjectRows]],
    specification: ModelSpecification,
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
    recipe_hashes: Mapping[str, str] | None = None,
) -> ArmFit:
    """Fit one arm in several folds; see `fit_arms`.

    Raises
    ------
    ConfigError
        If the settings of the arm fit in no fold.
    """
    (fit,) = fit_arms(folds, [specification], phantom, measure, recipe_hashes)
    require_fitted([fit])
    return fit


def require_fitted(fits: Iterable[ArmFit]) -> None:
    """Raise ConfigError with the first error of each arm that fits in no fold."""
    errors = [str(fit.error) for fit in fits if fit.error is not None]
    if errors:
        raise ConfigError("\n".join(dict.fromkeys(errors)))


def fit_fold(
    name: FoldName,
    rows: SubjectRows,
    specification: ModelSpecification,
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
) -> FoldFit:
    """Fit one arm to the development rows of a fold."""
    try:
        known = arm_data(rows, specification)
    except StudyError as error:
        return _failed(name, {"n_development": len(rows.cohort)}, error)
    summary = _summary(known)
    try:
        pipeline = fit_development(known, specification, measure, phantom)
    except StudyError as error:
        return _failed(name, summary, error)
    fitted = fitted_model(name, pipeline, known, specification)
    model = pipeline.named_steps["model"]
    learnt = fitted.required_estimates().model_dump(mode="json")
    fit = {
        **summary,
        "status": "ok",
        "n_selected": len(feature_names(model.feature_names_in_)),
        "kkt_residual": model.kkt_residual_,
        "estimates_hash": provenance.digest(learnt),
        "message": _message(known, model.rescue_),
    }
    return FoldFit(name, fit, _coefficients(model), fitted)


def fit_development(
    development: ArmData,
    specification: ModelSpecification,
    measure: Measure = repeated_measurements,
    phantom: pd.DataFrame | None = None,
) -> Pipeline:
    """Fit an arm on a study that holds development subjects only."""
    fittable = development.only(development.fittable())
    pipeline = build(
        list(fittable.predictors.columns),
        specification,
        measure(development.measurements, specification),
        phantom,
    )
    y = specification.outcome.target(fittable.outcome)
    return pipeline.fit(fittable.predictors, y)


def fitted_model(
    name: FoldName,
    pipeline: Pipeline,
    known: ArmData,
    specification: ModelSpecification,
) -> FittedModel:
    """Model of a pipeline fitted to `known`: estimates, ranges and baseline risk."""
    rows = known.predictors.loc[known.fittable()]
    outcome = known.outcome.loc[rows.index]
    scores = pipeline.decision_function(rows)
    model = pipeline.named_steps["model"]
    return FittedModel(
        **name._asdict(),
        n_development=len(rows),
        n_events=int(outcome["event"].sum()),
        estimates=_estimates(pipeline, scores, known, specification),
        baseline=MODEL_KINDS[specification.kind].baseline(
            pipeline, scores, specification.outcome.target(outcome)
        ),
        ranges=_ranges(rows[[n for n in model.feature_names_in_ if n in rows]]),
        kkt_residual=float(model.kkt_residual_),
    )


def _estimates(
    pipeline: Pipeline,
    scores: np.ndarray,
    known: ArmData,
    specification: ModelSpecification,
) -> Estimates:
    """All that a prediction needs of a pipeline that gave `known` these scores."""
    harmonization = specification.harmonization
    return Estimates(
        endpoint=specification.endpoint,
        kind=specification.kind,
        session=specification.baseline_session,
        reader=specification.reference_reader,
        columns=list(known.predictors.columns),
        unseen=harmonization.unseen if harmonization else None,
        adapt_subjects=harmonization.n_adapting if harmonization else None,
        cut=float(np.median(scores)),
        spread=float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0,
        pipeline=estimates(pipeline),
    )


def _arm_fit(
    done: list[FoldFit],
    specification: ModelSpecification,
    recipe_hashes: Mapping[str, str] | None,
) -> ArmFit:
    """Tables and document of the folds of an arm."""
    shared = {"endpoint": specification.endpoint, "arm": specification.name}
    labels = [shared | fold.name._asdict() for fold in done]
    tables = [
        fold.coefficients.assign(**named)
        for named, fold in zip(labels, done, strict=True)
    ]
    errors = [fold.error for fold in done]
    wrong = errors and all(isinstance(error, ConfigError) for error in errors)
    return ArmFit(
        pd.DataFrame(
            [named | fold.fit for named, fold in zip(labels, done, strict=True)]
        ),
        pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True),
        FittedModels.of(specification, [fold.model for fold in done], recipe_hashes),
        errors[0] if wrong else None,
    )


def _ranges(rows: pd.DataFrame) -> dict[str, Range]:
    """Range of the known values of each column, as measured."""
    return {
        str(column): Range(lowest=float(values.min()), highest=float(values.max()))
        for column, values in rows.astype(float).items()
    }


def _failed(name: FoldName, summary: dict[str, Any], error: StudyError) -> FoldFit:
    fit = {**_NOTHING, **summary, "status": "failed", "message": str(error)}
    model = FittedModel(
        **name._asdict(),
        n_development=summary["n_development"],
        n_events=summary.get("n_events"),
        failed=str(error),
    )
    return FoldFit(name, fit, _NO_COEFFICIENTS, model, error)


def _summary(known: ArmData) -> dict[str, Any]:
    fittable = known.fittable()
    return {
        "n_development": len(fittable),
        "n_events": int(known.outcome.loc[fittable, "event"].sum()),
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
    left_out = len(known.predictors) - len(known.fittable())
    notes = [f"{left_out} development subjects without outcome or features left out"]
    return (
        "; ".join([*(notes if left_out else []), *([rescue] if rescue else [])]) or None
    )
