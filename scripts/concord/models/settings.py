"""Settings of the arms, and of the rules that fit them and predict by them."""

from collections.abc import Iterable
from typing import Annotated, Any, Self

from pydantic import Field

from ..fields import Section, Unseen
from ..folds.settings import EndpointKind, SplittingSection
from ..harmonization.settings import (
    HARMONIZERS,
    UNSEEN_CLAUSES,
    ArmHarmonization,
    HarmonizerKind,
)
from ..methods_clauses import Clause, written
from ..settings import RuleSettings, StudyView, from_study, projected
from ..stability.settings import StabilitySection
from ..statistics.outcome_kinds import OUTCOME_KINDS, OutcomeKind


def _accepted_share(arm: Any) -> str:
    if not (arm.features or arm.covariates):
        return ""
    return (
        f"subjects with more than {100 * arm.max_missing:g} % of the features or of "
        "the covariates missing neither learnt from nor scored"
    )


def _penalty(arm: Any) -> str:
    kinds = {0.0: "a ridge", 1.0: "a lasso"}
    kind = kinds.get(arm.l1_share, "an elastic net")
    return f"{kind} penalty of {written(arm.penalty)} per subject on features"


class Arm(Section):
    """Predictors, harmonizer and model of an arm."""

    covariates: Annotated[
        list[str],
        Clause({True: "covariates {covariates}, not penalized", False: "no covariate"}),
    ] = Field(default=[], description="Clinical predictors, not penalized.")
    group_indicator: Annotated[
        bool, Clause({True: "an indicator of each group", False: ""})
    ] = Field(
        default=False, description="Predict from the group alone (site or batch)."
    )
    features: Annotated[
        list[str], Clause({True: "features {features}", False: "no feature"})
    ] = Field(
        default=[],
        description="Patterns of feature names, such as CT.*.original.glcm.*",
    )
    harmonizer: Annotated[HarmonizerKind, Clause(HARMONIZERS, when="features")] = Field(
        default="none",
        description="First step: how batch effects are removed; docs/harmonization.md "
        "describes each harmonizer.",
    )
    unseen: Annotated[
        Unseen | None,
        Clause({None: "", **UNSEEN_CLAUSES}, when="harmonizer"),
    ] = Field(
        default=None,
        description="Rule for rows of unseen batches; null takes harmonization.unseen.",
    )
    stability_filter: Annotated[
        bool,
        Clause(
            {
                True: "only features that are stable in the development subjects",
                False: "no filter by stability",
            },
            when="features",
        ),
    ] = Field(
        default=True,
        description="Use only features that are stable in the development subjects.",
    )
    max_missing: Annotated[float, Clause(_accepted_share)] = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of the arm's features, or of its covariates, above which a "
        "subject is neither learnt from nor scored if they are missing; what is "
        "missing of others is imputed.",
    )
    correlation_limit: Annotated[
        float,
        Clause(
            "of features with an absolute rank correlation above {correlation_limit}, "
            "one",
            when="features",
        ),
    ] = Field(
        default=0.9,
        gt=0,
        le=1,
        description="Of features correlated more than this (Spearman), one is kept.",
    )
    max_features: Annotated[
        int,
        Clause(
            "at most {max_features} of them, with the strongest univariate relation to "
            "the outcome",
            when="features",
        ),
    ] = Field(default=5, ge=1, description="Features that enter the model, at most.")
    penalty: Annotated[
        float,
        Clause(_penalty, when="features"),
    ] = Field(
        default=0.1,
        ge=0,
        description="Penalty of the features, per subject.",
    )
    l1_share: Annotated[
        float,
        Clause(
            "{l1_share} of it on their absolute values",
            when="features",
            silent=(0.0, 1.0),
        ),
    ] = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the penalty on the absolute values of the coefficients, "
        "which makes some of them 0: 0 is a ridge, 1 the lasso, between them lies the "
        "elastic net.",
    )

    @property
    def harmonizes(self) -> bool:
        """True if batch effects are removed from the arm's features."""
        return self.harmonizer != "none" and bool(self.features)

    @property
    def filters(self) -> bool:
        """True if only stable features are used."""
        return self.stability_filter and bool(self.features)

    @property
    def predicts_by_group_alone(self) -> bool:
        """True if the arm knows nothing of a subject but its group."""
        return self.group_indicator and not (self.features or self.covariates)


class ArmSection(Arm):
    """A predictor set, a harmonizer and a model that is compared with others."""

    label: str = Field(default="", description="Name in figures and report.")


class ModelSpecification(Section):
    """One arm for one endpoint, with all that decides what it learns.

    `harmonization` and `stability` are None unless the arm uses them.
    """

    endpoint: str
    kind: EndpointKind
    name: str
    arm: Arm
    harmonization: ArmHarmonization | None = None
    stability: StabilitySection | None = None
    baseline_session: str
    reference_reader: str

    @classmethod
    def of(cls, study: StudyView, endpoint: str, name: str) -> Self:
        """Specification of an arm of a study."""
        return cls.assembled(
            endpoint=endpoint,
            kind=study.value("endpoints.{endpoint}.kind", endpoint=endpoint),
            name=name,
            arm=projected(study.value("arms.{arm}", arm=name), Arm),
            harmonization=projected(study.value("harmonization"), ArmHarmonization),
            stability=study.value("stability"),
            baseline_session=study.value("study.baseline_session"),
            reference_reader=study.value("study.reference_reader"),
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
        models = [ModelSpecification.of(study, endpoint, arm) for arm in arms]
        return cls.composed(study, names, models=models)


def batch(study: StudyView, number: str) -> list[str]:
    """Names of the arms of a batch, numbered from 1."""
    size = study.value("validation.arms_per_job")
    return batches(study.value("arms"), size)[int(number) - 1]


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


class PredictArms(RuleSettings):
    """Settings of rule predict_arms; endpoints and arms in the order of its files."""

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


class PredictReaders(PredictArms):
    """Settings of rule predict_readers, in the order of its files."""

    @classmethod
    def predicted(cls, study: StudyView) -> list[str]:
        """Names of the arms that use features."""
        return [name for name, arm in study.value("arms").items() if arm.features]
