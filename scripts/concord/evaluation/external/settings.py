"""Settings of rule compare_expected."""

from typing import Self

from ...folds.settings import OutcomeName
from ...settings import RuleSettings, StudyView, from_study


class CompareExpected(RuleSettings):
    """Settings of rule compare_expected: one endpoint, all models that are applied."""

    seed: int = from_study("study.seed")
    confidence: float = from_study("evaluation.confidence")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    endpoint: str
    arms: list[str]  # in the order of the files of the models

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, with the names of the models."""
        return cls.composed(
            study, names, endpoint=names["endpoint"], arms=list(study.value("arms"))
        )
