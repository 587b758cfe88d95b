"""Settings of subgroups: what they are made by, their smallest size, and their rule."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from ...fields import Name, Section
from ...folds.settings import OutcomeName
from ...settings import RuleSettings, StudyView, from_study

SITE, GROUP = "site", "group"


class Subgroup(Section):
    """Subgroups by one variable."""

    of: str | None = Field(
        default=None,
        description="What tells the subgroups apart: a covariate, a factor, site, "
        "group (of the validation) or a batch such as CT.SoftwareVersions; by default "
        "what has the name of the entry.",
    )
    bands: list[float] = Field(
        default=[],
        description="Of a covariate that is a number: where its bands begin, in its "
        "unit, after the lowest; [50, 65] makes under 50, 50 to under 65, 65 or more.",
    )


class SubgroupSection(Subgroup):
    """Subgroups by one variable, with the name that is printed."""

    label: str = Field(default="", description="Name in figures and report.")


class SmallestSubgroup(Section):
    """Size below which a subgroup is counted, but not judged."""

    subjects: int = Field(default=20, ge=2, description="Fewest subjects.")
    events: int = Field(
        default=10,
        ge=1,
        description="Fewest events; of a binary outcome, fewest of the rarer class.",
    )


class SubgroupsOfEvaluation(Section):
    """Keys of subgroups in the section of the evaluation."""

    subgroups: dict[Name, SubgroupSection] = Field(
        default={},
        description="Subgroups that the headline and the reference arm are judged in, "
        "by name, with a test of whether they differ; write them down before you look.",
    )
    smallest_subgroup: SmallestSubgroup = Field(
        default_factory=SmallestSubgroup,
        description="Size below which a subgroup is counted, but not judged.",
    )


class Variable(Section):
    """Variable of subgroups, as the cohort has it."""

    column: str  # of the cohort; of a category, without its level
    bands: list[float] = Field(default=[])
    levels: list[str] = Field(default=[])  # of a category


class Subgroups(RuleSettings):
    """Settings of rule subgroups."""

    confidence: float = from_study("evaluation.confidence")
    headline_arm: str = from_study("evaluation.headline_arm")
    reference_arm: str = from_study("evaluation.reference_arm")
    smallest: SmallestSubgroup = from_study("evaluation.smallest_subgroup")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    variables: dict[Name, Variable]
    probabilities: list[float]
    own_arms: list[str]  # arms that the study fits; others are given

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the variables as columns of the cohort."""
        config = study.config
        found = {
            name: variable(one.of or name, one.bands, config)
            for name, one in config.evaluation.subgroups.items()
        }
        return cls.composed(
            study,
            names,
            variables=found,
            probabilities=probability_thresholds(study),
            own_arms=sorted(config.arms),
        )


def variable(name: str, bands: list[float], config: Any) -> Variable:
    """Variable of a name, as a column of the cohort; a covariate comes first."""
    covariates: Mapping[str, Any] = config.covariates
    if name in covariates:
        levels = covariates[name].levels
        of_category = levels if covariates[name].kind == "category" else []
        return Variable(column=f"covariate.{name}", bands=bands, levels=of_category)
    if name in config.factors:
        return Variable(column=f"factor.{name}")
    return Variable(column=name if name in (SITE, GROUP) else f"batch.{name}")


def probability_thresholds(study: StudyView) -> list[float]:
    """Probabilities at which subjects are classified, as the study declares them."""
    return list(study.config.evaluation.thresholds.probabilities)
