"""Settings of rule added_value."""

from collections.abc import Sequence
from typing import Literal, Self

from ...folds.settings import OutcomeName
from ...models.settings.arm import Arm
from ...settings import RuleSettings, StudyView, from_study
from ..company import is_clinical
from ..comparisons import comparison_pairs
from ..settings import Judgement
from ..utility.settings import probabilities


class AddedValue(RuleSettings):
    """Settings of rule added_value."""

    evaluation: Judgement = from_study("evaluation")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    ties: Literal["efron", "breslow"] = from_study("endpoints.{endpoint}.ties")
    arms: dict[str, Arm] = from_study("arms")
    probabilities: list[float]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the declared threshold probabilities, ascending."""
        return cls.composed(study, names, probabilities=probabilities(study))

    def pairs(self, arms: Sequence[str]) -> list[tuple[str, str]]:
        """Each of some arms with the reference arm, the headline also with clinical.

        Parameters
        ----------
        arms : sequence of str
            Arms that have predictions.
        """
        judged = self.evaluation
        every = comparison_pairs(
            sorted(arms), judged.reference_arm, self.arms, judged.headline_arm
        )
        return [
            (arm, other)
            for arm, other in every
            if other == judged.reference_arm
            or (arm == judged.headline_arm and self._is_clinical(other))
        ]

    def _is_clinical(self, name: str) -> bool:
        """True for an arm of covariates alone."""
        arm = self.arms.get(name)
        return arm is not None and is_clinical(arm, arm.covariates)
