"""Settings of the cohort and its splits: covariates, factors, endpoints, validation."""

from typing import Literal

from pydantic import Field

from ..fields import Section
from ..settings import RuleSettings, from_study


class CovariateSection(Section):
    """A clinical predictor."""

    column: str = Field(description="Column of the subjects sheet.")
    kind: Literal["number", "category"] = Field(
        default="number", description="A number, or one of the declared levels."
    )
    levels: list[str] = Field(
        default=[], description="Levels of a category; the first is the reference."
    )
    label: str = Field(default="", description="Name in figures and report.")
    unit: str = Field(default="", description="Unit of a number.")


class EndpointSection(Section):
    """An outcome and the question asked of it."""

    label: str = Field(default="", description="Name in figures and report.")
    kind: Literal["binary", "survival"] = Field(
        description="binary: did it happen (logistic); survival: when (Cox)."
    )
    event: str = Field(description="Column of the subjects sheet holding 0 or 1.")
    time_days: str | None = Field(
        default=None,
        description="Column with the days to event or censoring (survival only).",
    )
    proxies: list[str] = Field(
        default=[],
        description="Columns of the subjects sheet that give the outcome away, such "
        "as treatment chosen by its expected risk; refused as predictors and as kept "
        "covariates.",
    )


class SplittingSection(Section):
    """Development and evaluation sets of a study."""

    stratify_by: str = Field(
        description="Endpoint whose events are spread evenly over the folds."
    )
    folds: int = Field(default=5, ge=2, le=20, description="Folds of each repeat.")
    repeats: int = Field(
        default=5, ge=1, le=100, description="Repeats of the cross-validation."
    )
    leave_one_group_out: bool = Field(
        default=True, description="Also leave each group out once."
    )


class ValidationSection(SplittingSection):
    """How development and evaluation subjects are split."""

    group: str = Field(
        default="site",
        description="What is left out in turn: site, or a modality and a column of "
        "the acquisition table such as CT.SoftwareVersions.",
    )
    repeats_per_job: int = Field(
        default=5,
        ge=1,
        le=100,
        description="Repeats that one job fits; starting a job costs seconds.",
    )

    def parts(self) -> list[str]:
        """Parts of the folds that one job fits each: cv-<first>-<last>, loso."""
        step = self.repeats_per_job
        parts = [
            f"cv-{first}-{min(first + step - 1, self.repeats)}"
            for first in range(1, self.repeats + 1, step)
        ]
        return [*parts, "loso"] if self.leave_one_group_out else parts


class FactorSection(Section):
    """A difference between subjects that could pass for a site effect."""

    column: str = Field(
        description="Column of the subjects sheet, such as the treatment given; "
        "checked against groups and outcomes, never a predictor.",
    )
    label: str = Field(default="", description="Name in figures and report.")


class MakeFolds(RuleSettings):
    """Settings of rule make_folds."""

    seed: int = from_study("study.seed")
    validation: SplittingSection = from_study("validation")
