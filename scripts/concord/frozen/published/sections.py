"""Sections of a published equation in YAML."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ...features.settings.recipe import Aggregation, RecipeSection
from ...features.settings.regions import RegionSection
from ...fields import Name, Section
from ...image_names import ImageSection
from ...models.steps.published_functions import TransformName
from ...statistics.risk_groups import MOST_CUTS
from ..development import ExpectedPerformance

Rule = Literal["youden", "sensitivity", "specificity"]
Survival = Annotated[float, Field(gt=0, le=1)]
Days = Annotated[float, Field(gt=0)]


class Place(Section):
    """Image, region, recipe and filter that a feature is measured in."""

    image: Name | None = Field(
        default=None, description="Name of the image; null: the only one of `images`."
    )
    region: Name = Field(default="tumour", description="What is segmented.")
    recipe: Name | None = Field(
        default=None, description="Recipe by name; null: the main one of the image."
    )
    filter: str = Field(
        default="original",
        description="Response map of the recipe, such as wavelet-HHL, or original.",
    )
    aggregation: Aggregation | None = Field(
        default=None,
        description="Aggregation of texture, if published; must be the recipe's.",
    )


class NamedFeature(Place):
    """A feature by the name that the publication gives it."""

    ibsi: str | None = Field(
        default=None, description="Code of the IBSI, such as QG58."
    )
    feature: str | None = Field(
        default=None,
        description="<family>.<feature> as features.tsv has it, such as glcm.contrast; "
        "beside a code of two features, which of them.",
    )
    pyradiomics: str | None = Field(
        default=None, description="Name in pyradiomics, such as original_glcm_Contrast."
    )
    mirp: str | None = Field(
        default=None, description="Name in MIRP, such as cm_contrast_d1_3d_v_mrg."
    )
    accept_difference: bool = Field(
        default=False,
        description="Take the feature here although that of the other tool is another "
        "number, which the model then says.",
    )

    @property
    def is_named(self) -> bool:
        """True if any name of a feature is given."""
        return any((self.ibsi, self.feature, self.pyradiomics, self.mirp))


class TermSection(NamedFeature):
    """One summand: coefficient * (transform(value) - centre), or over `sd`."""

    covariate: Name | None = Field(
        default=None, description="Covariate, in place of a feature."
    )
    level: str | None = Field(
        default=None, description="Level of a category that the coefficient is of."
    )
    coefficient: float = Field(description="As published.")
    scale: Literal["raw", "sd"] = Field(
        default="raw",
        description="raw: per unit of the (transformed) value, from `centre`; sd: per "
        "SD, so that `mean` and `sd` are needed.",
    )
    transform: TransformName = Field(
        default="none", description="Function of the value before all else."
    )
    centre: float = Field(
        default=0.0, description="scale raw: taken from the transformed value."
    )
    mean: float | None = Field(
        default=None, description="Mean of the transformed value in development."
    )
    sd: float | None = Field(
        default=None, gt=0, description="SD of the transformed value in development."
    )
    if_missing: float | None = Field(
        default=None,
        description="Value (not transformed) that a missing one becomes; null: a "
        "subject without it has no score.",
    )
    range: tuple[float, float] | None = Field(
        default=None,
        description="Smallest and largest value in development, in the unit of the "
        "feature here; null: it is not known, and no value is out of range.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.is_named == (self.covariate is not None):
            raise ValueError(
                "give either covariate, or one of ibsi, feature, pyradiomics, mirp"
            )
        if self.level is not None and self.covariate is None:
            raise ValueError("level needs covariate")
        if self.level is not None and (self.transform, self.scale) != ("none", "raw"):
            raise ValueError("a level has no transform and no scale sd")
        if self.scale == "sd" and (self.mean is None or self.sd is None):
            raise ValueError("scale sd needs mean and sd")
        if self.scale == "sd" and self.centre:
            raise ValueError("centre has no effect with scale sd, which takes mean")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError(f"range must rise, found {list(self.range)}")
        return self


class CovariateOfModel(Section):
    """A covariate of the equation."""

    label: str = Field(default="", description="Name in figures and report.")
    unit: str = Field(default="", description="Unit of a number.")
    levels: list[str] = Field(
        default=[],
        description="Levels of a category, the reference first; none of a number.",
    )


class OutcomeSection(Section):
    """Outcome that the equation predicts."""

    name: Name = Field(description="Name of the endpoint.")
    kind: Literal["diagnostic", "prognostic", "competing"] = Field(
        description="diagnostic: log odds; prognostic: log hazard; competing: log "
        "hazard of one cause."
    )
    label: str = Field(default="", description="Name in figures and report.")
    at_days: list[Days] = Field(
        default=[], description="Days at which the risk is told."
    )
    causes: dict[int, str] = Field(default={}, description="Competing causes by code.")
    cause: int = Field(default=1, description="Code of the cause of interest.")
    horizon_days: float | None = Field(
        default=None,
        gt=0,
        description="diagnostic: days within which the event counts, if it is one.",
    )


class BaselineSection(Section):
    """Risk of a subject whose score is 0."""

    intercept: float | None = Field(
        default=None, description="diagnostic: log odds; null: no probability is told."
    )
    survival: dict[Days, Survival] = Field(
        default={},
        description="prognostic: survival at a score of 0 by days; at other days the "
        "risk is not known.",
    )
    cumulative_hazard: dict[Days, float] = Field(
        default={},
        description="prognostic, competing: cumulative hazard at a score of 0 from "
        "each of these days on, a step function.",
    )
    competing_hazard: dict[Days, float] = Field(
        default={}, description="competing: cumulative hazard of all other causes."
    )


class PopulationSection(Section):
    """Development subjects, as published."""

    description: str = Field(description="In words.")
    n: int = Field(default=0, ge=0, description="Subjects.")
    n_events: int | None = Field(default=None, ge=0, description="Events.")
    follow_up_days: float | None = Field(default=None, ge=0, description="Median.")


class ScoresSection(Section):
    """Scores of the development subjects, as published."""

    mean: float
    sd: float = Field(gt=0)


class PublishedModel(Section):
    """A published equation and all that it needs."""

    name: Name = Field(description="Short name, that of the arm.")
    title: str = Field(min_length=1, description="Name in figures and report.")
    reference: str = Field(min_length=1, description="Publication, with its DOI.")
    licence: str = Field(min_length=1, description="Terms under which it may be used.")
    intended_use: str = Field(min_length=1, description="For whom and what.")
    outcome: OutcomeSection
    terms: list[TermSection] = Field(min_length=1, description="Summands of the score.")
    covariates: dict[Name, CovariateOfModel] = Field(
        default={}, description="Covariates by name."
    )
    baseline: BaselineSection = Field(
        default=BaselineSection(), description="Risk at a score of 0."
    )
    cuts: list[float] = Field(
        min_length=1,
        max_length=MOST_CUTS,
        description="Scores above which the risk group is the next higher one, "
        "ascending; the score holds the intercept. Where none was published, the "
        "median score of development.",
    )
    thresholds: dict[Rule, float] = Field(
        default={}, description="diagnostic: scores from which on a subject is high."
    )
    images: dict[Name, ImageSection] = Field(
        default={}, description="Images with modality and unit, by name."
    )
    recipes: dict[Name, RecipeSection] = Field(
        default={}, description="As the section recipes of a study."
    )
    regions: dict[Name, RegionSection] = Field(
        default={}, description="Regions made of others, as those of a study."
    )
    software: str | None = Field(
        default=None,
        description="Engine and version that features must come from; null: any.",
    )
    population: PopulationSection
    scores: ScoresSection | None = Field(
        default=None, description="Scores of development; null: not published."
    )
    expected: list[ExpectedPerformance] = Field(
        default=[], description="Performance as published."
    )
