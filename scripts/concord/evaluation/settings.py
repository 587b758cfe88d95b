"""Settings of the evaluation and its rules."""

from typing import Annotated

from pydantic import Field, field_validator

from ..fields import Section
from ..folds.settings import OutcomeName
from ..models.settings.arm import Arm
from ..models.settings.thresholds import Thresholds
from ..settings import RuleSettings, from_study
from ..statistics.risk_groups import MOST_CUTS, RiskGroups
from .company import Member
from .instability.settings import InstabilityOfEvaluation
from .subgroups.settings import SubgroupsOfEvaluation

#: Share of the development subjects below a cut of the risk groups.
Share = Annotated[float, Field(gt=0, lt=1)]


class Judgement(Section):
    """Arms that are compared, and the confidence of intervals."""

    headline_arm: str = Field(description="The arm that the study is about.")
    reference_arm: str = Field(
        description="The arm it must beat, normally the clinical one."
    )
    confidence: float = Field(
        default=0.95, gt=0.5, lt=1, description="Confidence level of all intervals."
    )


class Anticipation(Section):
    """Expectations of a model, for the size of the study that it needs."""

    anticipated_r2_share: float = Field(
        default=0.15,
        gt=0,
        lt=1,
        description="Share of the largest Cox-Snell R2 that is expected of a model, for"
        " the sample size of Riley et al. (doi:10.1136/bmj.m441): 0.15 for what is hard"
        " to predict, 0.5 where a predictor nearly is the outcome.",
    )
    anticipated_discrimination: float | None = Field(
        default=None,
        gt=0.5,
        lt=1,
        description="AUC or C-index of an earlier model of the same outcome, which the "
        "expected R2 is computed from in place of the share.",
    )
    risk_at_days: float | None = Field(
        default=None,
        gt=0,
        description="Days after which the overall risk of an outcome with times is to "
        "be known; by default the mean follow-up.",
    )


class DiscriminationOptions(Section):
    """Ranges in which discrimination is measured."""

    least_specificity: float = Field(
        default=0.8,
        ge=0,
        lt=1,
        description="Specificity from which on up to 1 the partial AUC of a binary "
        "outcome is taken, standardized to 0.5 by chance.",
    )
    concordance_until_days: float | None = Field(
        default=None,
        gt=0,
        description="Last day on which events count in C-indices of the table of "
        "discrimination, Harrell's and Uno's; by default the last of the endpoint's "
        "evaluate_at_days, or else the day up to which a tenth of the subjects are "
        "followed.",
    )


class Grouping(Section):
    """Risk groups that scores are told apart by."""

    risk_groups: RiskGroups | Annotated[list[Share], Field(min_length=1)] = Field(
        default="median",
        description="Where scores are cut into risk groups, always at quantiles of the "
        "scores of the development rows of a fit: median (low and high), tertiles "
        "(low, middle, high), or the shares of development subjects below each cut, "
        "ascending, such as [0.16, 0.5, 0.84]; at most 4 cuts.",
    )

    @field_validator("risk_groups")
    @classmethod
    def _few_and_ascending(cls, given: str | list[float]) -> str | list[float]:
        if isinstance(given, list) and (
            sorted(set(given)) != given or len(given) > MOST_CUTS
        ):
            raise ValueError(
                f"is {given}, expected at most {MOST_CUTS} different shares between 0 "
                "and 1, ascending, such as [0.5]"
            )
        return given


class EvaluationSection(
    SubgroupsOfEvaluation,
    InstabilityOfEvaluation,
    Anticipation,
    DiscriminationOptions,
    Judgement,
    Grouping,
):
    """Judgement of predictions."""

    thresholds: Thresholds = Field(
        default=Thresholds(),
        description="Thresholds above which a subject is called high, for the table "
        "of operating points. Those of youden, sensitivity and specificity are learnt "
        "in the development rows of each fold, of binary outcomes alone.",
    )

    null_permutations: int = Field(
        default=99,
        ge=10,
        le=10000,
        description="Permutations of the outcome within groups, for the null band, "
        "p-values and the widening of intervals. Fewer than 99 have no band of 95 %, "
        "and intervals are uncertain: for trials only.",
    )
    decline_company: dict[Member, Annotated[str, Field(min_length=1)]] = Field(
        default={},
        description="Baselines of the headline arm that the study does without, each "
        "with the reason, which the report prints. Any of unharmonized, site, volume "
        "and clinical that is not declined and that no arm is equal to is added to "
        "the arms.",
    )


class Evaluate(RuleSettings):
    """Settings of rule evaluate."""

    evaluation: Judgement = from_study("evaluation")
    expected: Anticipation = from_study("evaluation")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    arms: dict[str, Arm] = from_study("arms")


class PredictionAgreement(RuleSettings):
    """Settings of rule prediction_agreement."""

    reference_reader: str = from_study("study.reference_reader")
    confidence: float = from_study("evaluation.confidence")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")


class PoolGroups(RuleSettings):
    """Settings of rule pool_groups."""

    confidence: float = from_study("evaluation.confidence")
