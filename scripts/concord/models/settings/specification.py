"""One arm for one endpoint, with all that decides what it learns."""

from typing import Any, Literal, Self

from ...fields import Section
from ...folds.settings import OutcomeName
from ...harmonization.settings import ArmHarmonization
from ...settings import StudyView, projected
from ...stability.settings import StabilitySection
from ...statistics.outcome_kinds import OUTCOME_KINDS, OutcomeKind
from .arm import Arm


class ModelSpecification(Section):
    """One arm for one endpoint, with all that decides what it learns.

    `harmonization` and `stability` are None unless the arm uses them. `seed` starts
    every random number of a fit; inner folds spread what `stratify_by` names.
    """

    endpoint: str
    kind: OutcomeName
    name: str
    arm: Arm
    harmonization: ArmHarmonization | None = None
    stability: StabilitySection | None = None
    baseline_session: str
    reference_reader: str
    seed: int = 1
    stratify_by: Literal["group", "outcome"] = "group"

    @classmethod
    def of(cls, study: StudyView, endpoint: str, name: str) -> Self:
        """Specification of an arm of a study."""
        return cls.assembled(
            endpoint=endpoint,
            kind=study.value("endpoints.{endpoint}.outcome_kind", endpoint=endpoint),
            name=name,
            arm=projected(study.value("arms.{arm}", arm=name), Arm),
            harmonization=projected(study.value("harmonization"), ArmHarmonization),
            stability=study.value("stability"),
            baseline_session=study.value("study.baseline_session"),
            reference_reader=study.value("study.reference_reader"),
            seed=study.value("study.seed"),
            stratify_by=study.value("validation.stratify_by"),
        )

    @classmethod
    def assembled(
        cls,
        *,
        arm: Arm,
        harmonization: ArmHarmonization,
        stability: StabilitySection,
        **others: Any,
    ) -> Self:
        """Specification with those of the study's settings that the arm uses."""
        own = harmonization.of_arm(arm.unseen) if arm.harmonizes else None
        return cls(
            arm=arm,
            harmonization=own,
            stability=stability if arm.filters else None,
            **others,
        )

    @property
    def outcome(self) -> OutcomeKind:
        """Kind of the outcome that is predicted."""
        return OUTCOME_KINDS[self.kind]

    @property
    def kept(self) -> list[str]:
        """Covariates whose effect harmonization preserves."""
        return self.harmonization.keep if self.harmonization else []
