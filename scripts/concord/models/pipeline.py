"""The chain from raw predictors to a model, as one estimator."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from ..harmonize.combat import ComBat
from .design import BINARY, Plan, feature_names, modalities
from .ridge import RidgeCox, RidgeLogistic
from .selection import CorrelationFilter, UnivariateSelection
from .steps import Indicators, MedianImputer, StabilityFilter, Stable, Standardizer

#: First step that sees the outcome.
FIRST_SUPERVISED = "select"


def build(columns: Sequence[str], plan: Plan, measurements: Stable | None) -> Pipeline:
    """Harmonize, filter, impute, scale, select and fit, all in one `fit`.

    Parameters
    ----------
    columns : sequence of str
        Columns of the predictors (see `design.Study`).
    plan : Plan
        The arm.
    measurements : Stable or None
        Repeated measurements of the development subjects, if the arm filters.
    """
    options, names = plan.options, feature_names(columns)
    covariates = [c for c in columns if _is_covariate(c, options["covariates"])]
    steps: list[tuple[str, Any]] = []
    if plan.harmonizes:
        keep = [c for c in columns if _is_covariate(c, plan.kept)]
        steps += harmonization(names, keep, plan.harmonization)
    if plan.filters:
        steps.append(("stability", StabilityFilter(measurements)))
    steps += [
        ("indicators", Indicators(covariates, options["group_indicator"])),
        ("impute", MedianImputer()),
        ("standardize", Standardizer()),
        ("correlation", CorrelationFilter(options["correlation_limit"])),
        (FIRST_SUPERVISED, UnivariateSelection(options["max_features"])),
        ("model", _model(plan, covariates)),
    ]
    return Pipeline(steps)


def harmonization(
    features: Sequence[str], keep: Sequence[str], settings: Mapping[str, Any]
) -> list[tuple[str, ComBat]]:
    """One ComBat per modality, each with its own batch column."""
    return [
        (
            f"harmonize_{modality}",
            ComBat(
                batch=f"batch.{modality}",
                keep=tuple(keep),
                columns=[n for n in features if n.startswith(f"{modality}.")],
                unseen=settings["unseen"],
                min_batch_size=settings["min_batch_size"],
                empirical_bayes=settings["empirical_bayes"],
                mean_only=settings["mean_only"],
            ),
        )
        for modality in modalities(features)
    ]


def halves(pipeline: Pipeline) -> tuple[Pipeline, Pipeline]:
    """The steps blind to the outcome, and those that see it."""
    first = list(pipeline.named_steps).index(FIRST_SUPERVISED)
    return pipeline[:first], pipeline[first:]


def estimates(pipeline: Pipeline) -> dict[str, Any]:
    """Everything a fitted pipeline learnt, step by step, as JSON values."""
    found = {
        name: step.estimates()
        for name, step in pipeline.named_steps.items()
        if name != "model"
    }
    model = pipeline.named_steps["model"]
    found["model"] = {
        "terms": model.feature_names_in_.tolist(),
        "unpenalized": list(model.unpenalized),
        "coefficients": np.asarray(model.coef_).tolist(),
        "intercept": float(model.intercept_),
        "rescue": model.rescue_,
    }
    return found


def _model(plan: Plan, covariates: Sequence[str]) -> RidgeLogistic | RidgeCox:
    kind = RidgeLogistic if plan.kind == BINARY else RidgeCox
    return kind(penalty=plan.options["penalty"], unpenalized=tuple(covariates))


def _is_covariate(column: str, names: Sequence[str]) -> bool:
    return any(
        column == f"covariate.{name}" or column.startswith(f"covariate.{name}=")
        for name in names
    )
