"""Kinds of models: the estimator that predicts a kind of outcome."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from ...statistics import targets
from ..chain import Pipeline
from ..fitted_model import Baseline, StratumHazard
from .partial_likelihood import PartialLikelihood
from .penalized import RidgeCox, RidgeLogistic, probability


class ModelKind(ABC):
    """Estimator of a kind of outcome, and the risk that its score stands for."""

    estimator: ClassVar[type[RidgeLogistic] | type[RidgeCox]]
    label: ClassVar[str]  # in text

    @abstractmethod
    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Probability of the event by score, shape (n,); NaN if the kind has none."""

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
    """Logistic regression of a binary outcome."""

    estimator = RidgeLogistic
    label = "logistic regression"

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Probability of the event by score, shape (n,)."""
        return probability(scores)

    def baseline(
        self, pipeline: Pipeline, scores: np.ndarray, y: np.ndarray
    ) -> Baseline:
        """Intercept."""
        return Baseline(intercept=float(pipeline.named_steps["model"].intercept_))


class Cox(ModelKind):
    """Cox's proportional hazards regression of a time to an event."""

    estimator = RidgeCox
    label = "Cox proportional hazards regression"

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """NaN: a probability needs a time, and the baseline hazard."""
        return np.full(len(scores), np.nan)

    def baseline(
        self, pipeline: Pipeline, scores: np.ndarray, y: np.ndarray
    ) -> Baseline:
        """Cumulative hazard, of each stratum if the outcome has strata."""
        ties = getattr(pipeline.named_steps["model"], "ties", "efron")
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


#: Model of each kind of outcome, by its name.
MODEL_KINDS: dict[str, ModelKind] = {"binary": Logistic(), "survival": Cox()}
#: Estimators by the names that documents hold.
ESTIMATORS = {kind.estimator.__name__: kind.estimator for kind in MODEL_KINDS.values()}
