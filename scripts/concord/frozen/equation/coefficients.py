"""Intercept and coefficients of a fitted model, if its score is linear."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import StudyError
from ...models.estimators.imputed import Imputed
from ...models.estimators.linear_predictor import LinearPredictor


def of_model(found: Mapping[str, Any]) -> tuple[float, dict[str, float]]:
    """Intercept, and coefficient of each column that the model is given.

    Several models of completed covariates are one if their scores are averaged, for
    whoever lacks none of the covariates.

    Raises
    ------
    StudyError
        With the reason, if the score is not linear in the columns.
    """
    if found["kind"] == Imputed.__name__:
        return _of_imputed(found)
    if found["kind"] == LinearPredictor.__name__:
        score = LinearPredictor.from_estimates(found)
        names = score.feature_names_in_.tolist()
        return score.intercept_, dict(zip(names, score.coef_.tolist(), strict=True))
    if "coefficients" not in found:
        raise StudyError(
            f"a model of trees ({found['kind']}) has no coefficients: its score is "
            "read off the trees in model.json, by Concord alone"
        )
    pairs = zip(found["terms"], map(float, found["coefficients"]), strict=True)
    return float(found["intercept"]), dict(pairs)


def has_intercept(found: Mapping[str, Any]) -> bool:
    """False for a published score without intercept, which is no log odds."""
    if found["kind"] != LinearPredictor.__name__:
        return True
    return found["parameters"].get("intercept") is not None


def _of_imputed(found: Mapping[str, Any]) -> tuple[float, dict[str, float]]:
    if not found["has_times"]:
        raise StudyError(
            "probabilities of several models, one per imputation of the covariates, "
            "are averaged, and the log odds of a mean is no sum of terms"
        )
    parts = [of_model(one) for one in found["models"]]
    names = list(parts[0][1])
    weights = np.mean([[part[name] for name in names] for _, part in parts], axis=0)
    intercept = float(np.mean([one for one, _ in parts]))
    return intercept, dict(zip(names, weights.tolist(), strict=True))
