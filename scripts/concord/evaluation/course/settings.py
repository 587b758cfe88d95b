"""Settings of rule survival_course."""

from typing import Self

from pydantic import Field

from ...models.settings.fusion import fused_from
from ...settings import RuleSettings, StudyView, from_study


class SurvivalCourse(RuleSettings):
    """Settings of rule survival_course.

    `covariates` are those of the reference arm, or of its members.
    """

    reference_arm: str = from_study("evaluation.reference_arm")
    confidence: float = from_study("evaluation.confidence")
    at_days: list[float] = Field(default=[])
    covariates: list[str] = Field(default=[])

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, its declared days ascending."""
        arms = study.value("arms")
        own = fused_from(arms, study.value("evaluation.reference_arm")).values()
        used = [name for arm in own for name in arm.covariates]
        days = study.value("endpoints.{endpoint}.evaluate_at_days", **names)
        return cls.composed(
            study,
            names,
            at_days=sorted(set(days)),
            covariates=list(dict.fromkeys(used)),
        )
