"""Settings of rule decide."""

from typing import Self

from ...settings import RuleSettings, StudyView, from_study


class Decide(RuleSettings):
    """Settings of rule decide."""

    reference_arm: str = from_study("evaluation.reference_arm")
    confidence: float = from_study("evaluation.confidence")
    probabilities: list[float]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the declared threshold probabilities, ascending."""
        return cls.composed(study, names, probabilities=probabilities(study))


def probabilities(study: StudyView) -> list[float]:
    """Declared threshold probabilities, ascending; none if there are none."""
    return sorted(set(study.value("evaluation.thresholds.probabilities")))
