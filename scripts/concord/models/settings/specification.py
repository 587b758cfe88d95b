"""One arm for one endpoint, with all that decides what it learns."""

from typing import Any, Literal, Self

from pydantic import Field

from ...fields import Section
from ...folds.settings import OutcomeName
from ...harmonization.settings import ArmHarmonization
from ...settings import StudyView, projected
from ...stability.settings import StabilitySection
from ...statistics.outcome_kinds import OUTCOME_KINDS, OutcomeKind
from ...statistics.risk_groups import quantiles_of
from .arm import Arm
from .fusion import FusionRule, fused_from
from .thresholds import LearntThresholds


class ModelSpecification(Section):
    """One arm for one endpoint, with all that decides what it learns.

    `harmonization` and `stability` are None unless the arm uses them. `seed` starts
    every random number of a fit; inner folds spread what `stratify_by` names. Risk
    groups are cut at `risk_quantiles` of the scores in development.
    `members` are the specifications of the arms that a fused arm combines.
    `thresholds` are those that a fit learns; None with times.
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
    ties: Literal["efron", "breslow"] = "efron"
    risk_quantiles: list[float] = Field(default=[0.5])
    members: dict[str, "ModelSpecification"] = Field(default={})
    thresholds: LearntThresholds | None = None

    @classmethod
    def of(cls, study: StudyView, endpoint: str, name: str) -> Self:
        """Specification of an arm of a study."""
        kind = study.value("endpoints.{endpoint}.outcome_kind", endpoint=endpoint)
        return cls.assembled(
            endpoint=endpoint,
            kind=kind,
            name=name,
            arm=projected(study.value("arms.{arm}", arm=name), Arm),
            harmonization=projected(study.value("harmonization"), ArmHarmonization),
            stability=study.value("stability"),
            baseline_session=study.value("study.baseline_session"),
            reference_reader=study.value("study.reference_reader"),
            seed=study.value("study.seed"),
            stratify_by=study.value("validation.stratify_by"),
            ties=study.value("endpoints.{endpoint}.ties", endpoint=endpoint),
            risk_quantiles=quantiles_of(study.value("evaluation.risk_groups")),
            members={
                member: cls.of(study, endpoint, member)
                for member in fused_from(study.value("arms"), name)
                if member != name
            },
            thresholds=None
            if OUTCOME_KINDS[kind].has_times
            else projected(study.value("evaluation.thresholds"), LearntThresholds),
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
            stability=stability if arm.measures_repeatedly else None,
            **others,
        )

    def without_thresholds(self) -> Self:
        """The same arm where no subject is called high: as the null fits it."""
        members = {n: one.without_thresholds() for n, one in self.members.items()}
        return self.model_copy(update={"thresholds": None, "members": members})

    @property
    def outcome(self) -> OutcomeKind:
        """Kind of the outcome that is predicted."""
        return OUTCOME_KINDS[self.kind]

    @property
    def harmonizes(self) -> bool:
        """True if features of the arm, or of a member, are harmonized."""
        return self.harmonization is not None or any(
            member.harmonizes for member in self.members.values()
        )

    @property
    def may_see_group(self) -> bool:
        """True if the arm, or a member, is not harmonized, so that groups may tell."""
        if self.members:
            return any(member.may_see_group for member in self.members.values())
        return self.harmonization is None or "none" in self.arm.harmonizers

    @property
    def kept(self) -> list[str]:
        """Covariates whose effect harmonization preserves."""
        return self.harmonization.keep if self.harmonization else []

    @property
    def fusion_rule(self) -> FusionRule:
        """Rule by which the members of a fused arm are combined."""
        return self.arm.fusion.rule if self.arm.fusion else "mean"
