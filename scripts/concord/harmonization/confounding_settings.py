"""Settings of what is asked about the design of a study."""

from typing import Annotated, Self

from pydantic import Field

from ..fields import Section
from ..methods_clauses import Clause
from ..settings import RuleSettings, StudyView, from_study
from .settings import BaselineImages


class DesignLimits(Section):
    """Limits from which outcomes, factors and covariates go with the group."""

    level: Annotated[
        float,
        Clause(
            "permuted groups (chi-squared, or log-rank of a survival outcome), with an "
            "error of {level} over all endpoints (Holm) and of {level} over all "
            "factors and covariates (Bonferroni)"
        ),
    ] = Field(
        default=0.05,
        gt=0,
        le=0.2,
        description="Chance, in a study whose groups do not differ, of a warning that "
        "outcomes go with the group, and of one that a factor or covariate does.",
    )
    least_association: Annotated[
        float,
        Clause("a warning from a bias-corrected Cramér's V of {least_association} on"),
    ] = Field(
        default=0.1,
        ge=0,
        lt=1,
        description="Cramér's V (corrected for bias) of group and binary outcome from "
        "which a warning follows; below it, a sentence.",
    )
    least_hazard_sd: Annotated[
        float,
        Clause(
            "or from an SD of the log hazard between groups of {least_hazard_sd} on"
        ),
    ] = Field(
        default=0.2,
        ge=0,
        description="SD of the log hazard between groups from which a warning follows "
        "for a survival outcome; 0.2 is a hazard ratio of 1.5 of two equal groups.",
    )
    nested_from: Annotated[
        float,
        Clause(
            "factors and covariates named from an association with the group of "
            "{nested_from} on"
        ),
    ] = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Association of a factor or covariate with the group (corrected "
        "Cramér's V; of a number, correlation ratio) from which a warning follows.",
    )
    least_known: Annotated[
        float, Clause("and those known in a share below {least_known} of a group")
    ] = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of the subjects of a group below which a factor or "
        "covariate counts as little known there, if it is better known elsewhere.",
    )


class ConfoundingSection(DesignLimits):
    """Limits from which the design of a study is warned of."""

    too_good: Annotated[
        float,
        Clause(
            "an AUC or C-index of {too_good} or more, of an arm or of one predictor "
            "alone, asked about"
        ),
    ] = Field(
        default=0.99,
        gt=0.5,
        le=1,
        description="AUC or C-index of an arm, a feature or a covariate alone from "
        "which the report asks whether it repeats the outcome.",
    )


class CheckDesign(RuleSettings):
    """Settings of rule check_design."""

    seed: int = from_study("study.seed")
    endpoints: list[str]
    confounding: DesignLimits = from_study("confounding")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of the endpoints, sorted."""
        return cls.composed(study, names, endpoints=sorted(study.value("endpoints")))


class FindGiveaways(BaselineImages):
    """Settings of rule find_giveaways."""

    seed: int = from_study("study.seed")
    endpoints: list[str]
    too_good: float = from_study("confounding.too_good")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of the endpoints, sorted."""
        return cls.composed(study, names, endpoints=sorted(study.value("endpoints")))
