"""Settings of the instability of predictions, and of its rule."""

from typing import Self

from pydantic import Field

from ...fields import Section
from ...folds.settings import OutcomeName
from ...settings import RuleSettings, StudyView, from_study
from ..subgroups.settings import probability_thresholds


class InstabilitySection(Section):
    """Models of bootstrap samples, and the arms that are looked at."""

    samples: int = Field(
        default=0,
        ge=0,
        le=5000,
        description="Bootstrap samples of all subjects that arms are fitted to, whole "
        "loop included; 0: none, 200 for a paper. With validation.bootstrap they are "
        "the first of its samples, and nothing is fitted twice. Source: "
        "doi:10.1002/bimj.202200302.",
    )
    arms: list[str] = Field(
        default=[], description="Arms that are looked at; empty: the headline arm."
    )


class InstabilityOfEvaluation(Section):
    """Key of the instability in the section of the evaluation."""

    instability: InstabilitySection = Field(
        default_factory=InstabilitySection,
        description="How far predictions depend on the sample that a model was fitted "
        "to.",
    )


class Instability(RuleSettings):
    """Settings of rule instability."""

    samples: int = from_study("evaluation.instability.samples")
    confidence: float = from_study("evaluation.confidence")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    probabilities: list[float]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the declared thresholds of probabilities."""
        probabilities = probability_thresholds(study)
        return cls.composed(study, names, probabilities=probabilities)
