"""Fit of an arm to the development rows of a fold; nothing else is read here."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..errors import StudyError
from ..folds.completeness import unmeasured
from ..folds.scheme import FINAL
from ..folds.splitting import FoldName, SubjectRows
from ..folds.subject_table import feature_names
from ..statistics.constants import varies
from ..statistics.risk_groups import cuts_of
from .absolute_risk import with_other_causes
from .arm import ArmData, Measure, arm_data, repeated_measurements
from .chain import Pipeline
from .estimators.imputed import Imputed
from .estimators.linear_predictor import LinearPredictor
from .estimators.model_kind import MODEL_KINDS
from .estimators.unpenalized import Unpenalized
from .fitted_model import Estimates, FittedModel, Range
from .pipeline import build, estimates, of_covariate
from .settings.specification import ModelSpecification
from .steps.base import matrix
from .steps.stability_selection import StabilitySelection
from .thresholds import learnt_thresholds
from .tuning.tuned_fit import ArmPipeline, tuned_fit

_NO_COEFFICIENTS = pd.DataFrame(columns=["term", "penalized", "coefficient"])
_NOTHING: dict[str, Any] = {
    "n_events": None,
    "n_imputed": None,
    "n_candidates": None,
    "n_selected": None,
    "kkt_residual": np.nan,
    "estimates_hash": None,
}


@dataclass(frozen=True)
class FoldFit:
    """Fit of one arm in one fold: its row of the fits, terms and model."""

    name: FoldName
    fit: dict[str, Any]
    coefficients: pd.DataFrame
    model: FittedModel
    tuning: pd.DataFrame = field(default_factory=pd.DataFrame)
    error: StudyError | None = None


def fit_fold(
    name: FoldName,
    rows: SubjectRows,
    specification: ModelSpecification,
    measure: Measure = repeated_measurements,
) -> FoldFit:
    """Fit one arm to the development rows of a fold."""
    try:
        known = arm_data(rows, specification)
    except StudyError as error:
        return failed_fit(name, {"n_development": len(rows.cohort)}, error)
    counts = summary(known)
    try:
        pipeline, own, choice = fit_arm(known, rows, specification, measure)
    except StudyError as error:
        return failed_fit(name, counts, error)
    tuning = choice.rows(specification) if choice else []
    tuned = tuning[choice.chosen] if choice else None
    fitted = fitted_model(name, pipeline, known, own, tuned)
    model = pipeline.named_steps["model"]
    fit = {
        **counts,
        "status": "ok",
        "n_selected": len(feature_names(_used(model))),
        "kkt_residual": model.kkt_residual_,
        "estimates_hash": fitted.digest(),
        "rescue": model.rescue_ or None,
        "message": left_out(known, model.rescue_),
    }
    return FoldFit(name, fit, _coefficients(pipeline), fitted, pd.DataFrame(tuning))


def fit_development(
    development: ArmData,
    specification: ModelSpecification,
    measure: Measure = repeated_measurements,
    phantom: pd.DataFrame | None = None,
) -> Pipeline:
    """Fit an arm that tunes nothing on a study of development subjects only."""
    fittable = development.only_fittable()
    pipeline = build(
        list(fittable.predictors.columns),
        specification,
        measure(development.measurements, specification),
        phantom,
        fittable.cluster_of,
    )
    y = specification.outcome.target(fittable.outcome)
    return pipeline.fit(fittable.predictors, y)


def fit_arm(
    development: ArmData,
    rows: SubjectRows,
    specification: ModelSpecification,
    measure: Measure = repeated_measurements,
) -> ArmPipeline:
    """Fit an arm, tuned if it is to be, on a study of development subjects only."""
    if specification.arm.tuning is None:
        pipeline = fit_development(development, specification, measure, rows.phantom)
        return ArmPipeline(pipeline, specification, None)
    return tuned_fit(development.only_fittable(), rows, specification, measure)


def fitted_model(
    name: FoldName,
    pipeline: Pipeline,
    known: ArmData,
    specification: ModelSpecification,
    tuned: dict[str, Any] | None = None,
) -> FittedModel:
    """Model of a pipeline fitted to `known`: estimates, ranges and baseline risk.

    `tuned` is the row of the settings that inner folds chose.
    """
    rows = known.predictors.loc[known.fittable()]
    outcome = known.outcome.loc[rows.index]
    y = specification.outcome.target(outcome)
    scores = pipeline.decision_function(rows)
    model = pipeline.named_steps["model"]
    if name.scheme == FINAL.name and isinstance(model, Unpenalized):
        model.find_intervals(matrix(pipeline[:-1].transform(rows)), y)
    return FittedModel(
        **name._asdict(),
        n_development=len(rows),
        n_events=int(outcome["event"].sum()),
        estimates=_estimates(pipeline, scores, known, specification, tuned),
        baseline=with_other_causes(
            MODEL_KINDS[specification.kind].baseline(pipeline, scores, y), outcome
        ),
        ranges=_ranges(rows[[n for n in model.feature_names_in_ if n in rows]]),
        kkt_residual=None if np.isnan(model.kkt_residual_) else model.kkt_residual_,
    )


def _estimates(
    pipeline: Pipeline,
    scores: np.ndarray,
    known: ArmData,
    specification: ModelSpecification,
    tuned: dict[str, Any] | None,
) -> Estimates:
    """All that a prediction needs of a pipeline that gave `known` these scores."""
    harmonization = specification.harmonization
    y = specification.outcome.target(known.outcome.loc[known.fittable()])
    return Estimates(
        endpoint=specification.endpoint,
        kind=specification.kind,
        session=specification.baseline_session,
        reader=specification.reference_reader,
        columns=list(known.predictors.columns),
        unseen=harmonization.unseen if harmonization else None,
        adapt_subjects=harmonization.n_adapting if harmonization else None,
        max_missing=specification.arm.max_missing,
        unmeasured=unmeasured(
            _own(known, specification), specification.arm.drop_missing_above
        ),
        thresholds=learnt_thresholds(y, scores, specification),
        cuts=cuts_of(scores, specification.risk_quantiles).tolist(),
        spread=float(np.std(scores, ddof=1)) if varies(scores) else 0.0,
        mean=float(np.mean(scores)),
        pipeline=estimates(pipeline),
        tuned=tuned,
    )


def _own(known: ArmData, specification: ModelSpecification) -> pd.DataFrame:
    """Features and covariates of the arm, without those that are only kept."""
    columns = known.predictors.columns
    own = specification.arm.covariates
    covariates = [name for name in columns if of_covariate(name, own)]
    return known.predictors[[*feature_names(columns), *covariates]]


def _ranges(rows: pd.DataFrame) -> dict[str, Range]:
    """Range of the known, finite values of each column, as measured."""
    known = rows.astype(float)
    return {
        str(column): Range(lowest=float(values.min()), highest=float(values.max()))
        for column, values in known.where(np.isfinite(known)).items()
    }


def failed_fit(name: FoldName, counts: dict[str, Any], error: StudyError) -> FoldFit:
    """Row of a fold that could not be fitted; counts as of `summary`."""
    fit = {**_NOTHING, **counts, "status": "failed", "message": str(error)}
    model = FittedModel(
        **name._asdict(),
        n_development=counts["n_development"],
        n_events=counts.get("n_events"),
        failed=str(error),
    )
    return FoldFit(name, fit, _NO_COEFFICIENTS, model, error=error)


def summary(known: ArmData) -> dict[str, Any]:
    """Counts of the subjects that are fitted to, and of the candidate features."""
    fittable = known.fittable()
    return {
        "n_development": len(fittable),
        "n_events": int(known.outcome.loc[fittable, "event"].sum()),
        "n_imputed": int((known.n_missing.loc[fittable] > 0).sum()),
        "n_candidates": len(feature_names(known.predictors.columns)),
    }


def _used(model: Any) -> np.ndarray:
    """Names of the columns that move the score of a model."""
    if model.coef_ is None:
        return np.asarray(model.used_terms())
    return np.asarray(model.feature_names_in_[model.coef_ != 0])


def _coefficients(pipeline: Pipeline) -> pd.DataFrame:
    """Coefficients of the model, and what else is known of each term; none of trees."""
    model = pipeline.named_steps["model"]
    if model.coef_ is None:
        return _NO_COEFFICIENTS
    terms = model.feature_names_in_
    given = isinstance(model, LinearPredictor)
    free = terms if given else model.unpenalized
    table = pd.DataFrame(
        {
            "term": terms,
            "penalized": ~np.isin(terms, list(free)),
            "coefficient": model.coef_,
        }
    )
    select = pipeline.named_steps.get("select")
    if isinstance(select, StabilitySelection):
        table["half_sample_share"] = table["term"].map(select.frequency_).astype(float)
    if isinstance(model, Imputed) and model.pooled_ is not None:
        table["n_imputations"] = model.n_imputations
        for name in ("within", "between", "total"):
            table[f"{name}_variance"] = getattr(model.pooled_, name)
        table["degrees_of_freedom"] = model.pooled_.known_degrees_of_freedom()
    if isinstance(model, Unpenalized):
        return _with_errors(table, model)
    return table


def _with_errors(table: pd.DataFrame, model: Unpenalized) -> pd.DataFrame:
    """Terms with standard errors and intervals, where the fit has them."""
    unknown = np.full((len(table), 2), np.nan)
    errors, intervals = model.standard_errors_, model.intervals_
    return table.assign(
        standard_error=np.nan if errors is None else errors,
        lower=(unknown if intervals is None else intervals)[:, 0],
        upper=(unknown if intervals is None else intervals)[:, 1],
    )


def left_out(known: ArmData, rescue: str) -> str | None:
    """Notes on a fit: subjects that are left out, and a rescue."""
    n = len(known.predictors) - len(known.fittable())
    notes = [f"{n} development subjects without outcome or predictors left out"]
    return "; ".join([*(notes if n else []), *([rescue] if rescue else [])]) or None
