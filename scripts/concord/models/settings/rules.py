"""Settings of the rules that fit arms and predict by them."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import Field

from ...folds.validation import SplittingSection
from ...settings import RuleSettings, StudyView, from_study
from .fusion import features_of
from .specification import ModelSpecification


def batches(names: Iterable[str], size: int) -> list[list[str]]:
    """Names of arms in runs of `size`, the last one shorter: the arms of one job."""
    every = list(names)
    return [every[first : first + size] for first in range(0, len(every), size)]


class FitArms(RuleSettings):
    """Settings of rule fit_arms; models in the order of the rule's output."""

    models: list[ModelSpecification]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the arms of the batch that `names` numbers, in all endpoints."""
        return cls(
            models=[
                ModelSpecification.of(study, endpoint, arm)
                for endpoint in study.value("endpoints")
                for arm in batch(study, names["batch"])
            ]
        )


class ResampleArms(FitArms):
    """Settings of rule resample_arms; models in the order of the rule's output.

    `tracked` are the arms whose instability is asked for, and `at_days` the times at
    which their risks are judged, by endpoint.
    """

    seed: int = from_study("study.seed")
    tracked: list[str] = Field(default=[])
    at_days: dict[str, list[float]] = Field(default={})

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of those arms of a batch that are resampled, in all endpoints."""
        config = study.config
        models = [
            model
            for model in FitArms.of(study, **names).models
            if model.name in config.resampled_arms
        ]
        arms = {model.name for model in models}
        tracked = [name for name in config.instability_arms if name in arms]
        days = risk_days(study) if tracked else {}
        return cls.composed(study, names, models=models, tracked=tracked, at_days=days)

    def files(self, outputs: Any) -> list[dict[str, str]]:
        """Files of each model as the cache names them, from the outputs of the rule.

        A name begins with the kind of the table; the days of risks are part of it, so
        that other days make the models of the tracked arms anew and no others.
        """
        found = [{"resampled": path} for path in outputs.resampled]
        for kind in ("sample_predictions", "sample_fits"):
            paths = iter(getattr(outputs, kind, []))
            for files, model in zip(found, self.models, strict=True):
                if model.name in self.tracked:
                    days = self.at_days.get(model.endpoint, [])
                    name = "-".join([kind, *(f"{one:g}" for one in days)])
                    files[name] = next(paths)
        return found


class FitNulls(RuleSettings):
    """Settings of rule fit_nulls; models in the order of the rule's output."""

    n_permutations: int = from_study("evaluation.null_permutations")
    seed: int = from_study("study.seed")
    validation: SplittingSection = from_study("validation")
    models: list[ModelSpecification]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the arms of a batch, in the endpoint of the wildcard."""
        arms = batch(study, names["batch"])
        endpoint = names["endpoint"]
        models = [
            ModelSpecification.of(study, endpoint, arm).without_thresholds()
            for arm in arms
        ]
        return cls.composed(study, names, models=models)


def batch(study: StudyView, number: str) -> list[str]:
    """Names of the arms of a batch, numbered from 1."""
    size = study.value("validation.arms_per_job")
    return batches(study.value("arms"), size)[int(number) - 1]


def risk_days(study: StudyView) -> dict[str, list[float]]:
    """Times at which the risks of an endpoint are judged, of those that have some."""
    key = "endpoints.{endpoint}.evaluate_at_days"
    days = {name: study.value(key, endpoint=name) for name in study.value("endpoints")}
    return {name: sorted(set(own)) for name, own in days.items() if own}


class LeakageTest(RuleSettings):
    """Settings of rule leakage_test."""

    seed: int = from_study("study.seed")
    model: ModelSpecification

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the headline arm for the endpoint that the wildcard names."""
        headline = study.value("evaluation.headline_arm")
        model = ModelSpecification.of(study, names["endpoint"], headline)
        return cls.composed(study, names, model=model)


class Predict(RuleSettings):
    """Settings of a rule that predicts; endpoints, arms in the order of its files."""

    seed: int = from_study("study.seed")
    endpoints: list[str]
    arms: list[str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of all endpoints and arms."""
        endpoints, arms = list(study.value("endpoints")), cls.predicted(study)
        return cls.composed(study, names, endpoints=endpoints, arms=arms)

    @classmethod
    def predicted(cls, study: StudyView) -> list[str]:
        """Names of the arms that are predicted."""
        return list(study.value("arms"))


class PredictArms(Predict):
    """Settings of rule predict_arms.

    `at_days` are the times at which the risks of an endpoint are judged, of those that
    declare some, in the order of the rule's output.
    """

    at_days: dict[str, list[float]] = Field(default={})

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of all endpoints and arms."""
        return cls.composed(
            study,
            names,
            endpoints=list(study.value("endpoints")),
            arms=cls.predicted(study),
            at_days=risk_days(study),
        )


class PredictReaders(Predict):
    """Settings of rule predict_readers, in the order of its files."""

    @classmethod
    def predicted(cls, study: StudyView) -> list[str]:
        """Names of the arms that use features."""
        arms = study.value("arms")
        return [name for name in arms if features_of(arms, name)]
