"""Settings of rule update_model."""

from typing import Self

from ...folds.settings import OutcomeName
from ...settings import RuleSettings, StudyView, from_study
from ..applying.settings import SmallestUpdate


class UpdateModel(RuleSettings):
    """Settings of rule update_model: one endpoint, all models that predict it."""

    study: str = from_study("study.name")
    seed: int = from_study("study.seed")
    confidence: float = from_study("evaluation.confidence")
    smallest: SmallestUpdate = from_study("model.smallest_update")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    days: list[float] = from_study("endpoints.{endpoint}.evaluate_at_days")
    endpoint: str
    arms: list[str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the endpoint of the wildcard, with the names of the models."""
        arms = list(study.value("arms"))
        return cls.composed(study, names, endpoint=names["endpoint"], arms=arms)
