"""Kinds of models: the estimators of a kind of outcome, and the risk of a score."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...errors import ConfigError
from ...statistics import targets
from ..chain import Pipeline
from ..fitted_model import Baseline, StratumHazard
from ..settings.model import REFUSED, TREES, ModelSection
from ..settings.specification import ModelSpecification
from .base import Estimator
from .boosting import BoostedLogOdds
from .forest import ForestLogOdds
from .linear_predictor import LinearPredictor
from .partial_likelihood import PartialLikelihood
from .penalized import RidgeCox, RidgeLogistic, probability
from .risk_sets import Ties
from .unpenalized import UnpenalizedCox, UnpenalizedLogistic


class ModelKind(ABC):
    """Estimators of a kind of outcome, and the risk that their scores stand for."""

    #: Penalized regression, the default.
    estimator: ClassVar[type[Any]]
    #: Estimator of each kind of model that predicts this kind of outcome.
    estimators: ClassVar[Mapping[str, type[Any]]]
    label: ClassVar[str]  # in text

    @abstractmethod
    def probabilities(self, scores: np.ndarray, model: Any = None) -> np.ndarray:
        """Probability of the event by score, shape (n,); NaN if there is none.

        Parameters
        ----------
        scores : ndarray of float, shape (n,)
        model : Estimator, optional
            The model that gave the scores, if it may be one without probabilities.
        """

    @abstractmethod
    def baseline(
        self, pipeline: Pipeline, scores: np.ndarray, y: np.ndarray
    ) -> Baseline:
        """Risk at a score of zero.

        Parameters
        ----------
        pipeline : Pipeline
            Fitted.
        scores : ndarray of float, shape (n,)
            Scores of the development rows.
        y : ndarray, shape (n,)
            Their outcomes, as the pipeline was given them.
        """


class Logistic(ModelKind):
    """Models of a binary outcome, whose scores are log odds."""

    estimator = RidgeLogistic
    estimators: ClassVar[Mapping[str, type[Any]]] = {
        "penalized": RidgeLogistic,
        "forest": ForestLogOdds,
        "boosting": BoostedLogOdds,
        "unpenalized": UnpenalizedLogistic,
        "linear_predictor": LinearPredictor,
    }
    label = "logistic regression"

    def probabilities(self, scores: np.ndarray, model: Any = None) -> np.ndarray:
        """Probability of the event; NaN by a published score without intercept."""
        if isinstance(model, LinearPredictor) and model.intercept is None:
            return np.full(len(scores), np.nan)
        return probability(scores)

    def baseline(
        self, pipeline: Pipeline, scores: np.ndarray, y: np.ndarray
    ) -> Baseline:
        """Intercept; None of trees."""
        intercept = getattr(pipeline.named_steps["model"], "intercept_", None)
        return Baseline(intercept=None if intercept is None else float(intercept))


class Cox(ModelKind):
    """Models of a time to an event, whose scores are log hazards."""

    estimator = RidgeCox
    estimators: ClassVar[Mapping[str, type[Any]]] = {
        "penalized": RidgeCox,
        "unpenalized": UnpenalizedCox,
        "linear_predictor": LinearPredictor,
    }
    label = "Cox proportional hazards regression"

    def probabilities(self, scores: np.ndarray, model: Any = None) -> np.ndarray:
        """NaN: a probability needs a time, and the baseline hazard."""
        return np.full(len(scores), np.nan)

    def baseline(
        self, pipeline: Pipeline, scores: np.ndarray, y: np.ndarray
    ) -> Baseline:
        """Cumulative hazard, of each stratum if the outcome has strata."""
        ties: Ties = getattr(pipeline.named_steps["model"], "ties", "efron")
        found = PartialLikelihood.of(y, ties).cumulative_hazards(scores)
        strata = {
            name: StratumHazard(
                times_days=hazard.times.tolist(),
                cumulative_hazard=hazard.cumulative.tolist(),
            )
            for name, hazard in found.items()
        }
        if targets.stratum(y) is not None:
            return Baseline(strata=strata)
        (whole,) = strata.values()
        return Baseline(**whole.model_dump())


#: Models of each kind of outcome, by its name.
MODEL_KINDS: dict[str, ModelKind] = {"binary": Logistic(), "survival": Cox()}
#: Estimators by the names that documents hold.
ESTIMATORS: dict[str, type[Any]] = {
    estimator.__name__: estimator
    for kind in MODEL_KINDS.values()
    for estimator in kind.estimators.values()
}


def make(specification: ModelSpecification, unpenalized: Sequence[str]) -> Estimator:
    """The estimator of an arm, not fitted; `unpenalized` are columns of covariates.

    Raises
    ------
    ConfigError
        If this kind of model cannot predict this kind of outcome.
    """
    outcome, model = specification.kind, specification.arm.model
    if (outcome, model.kind) in REFUSED:
        raise ConfigError(
            f"arms.{specification.name}.model.kind is {model.kind}, which predicts no "
            f"{outcome} outcome: {REFUSED[outcome, model.kind]}."
        )
    estimator = MODEL_KINDS[outcome].estimators[model.kind]
    if model.kind == "penalized":
        options = {
            "penalty": specification.arm.penalty,
            "unpenalized": tuple(unpenalized),
            "l1_share": specification.arm.l1_share,
        }
    else:
        options = _options(model, specification.seed)
    if specification.outcome.has_times and not model.is_given:
        options["ties"] = specification.ties
    found: Estimator = estimator(**options)
    return found


def _options(model: ModelSection, seed: int) -> dict[str, Any]:
    """Constructor parameters of an estimator without a tuned penalty."""
    if model.kind == "unpenalized":
        return {"firth": model.firth}
    if model.kind == "linear_predictor":
        given = {"weights": model.weights, "means": model.means}
        return given | {"intercept": model.intercept}
    names = ["trees", "min_leaf", "max_depth"]
    names += ["learning_rate"] if model.kind == TREES[1] else []
    return {name: model.option(name) for name in names} | {"seed": seed}
