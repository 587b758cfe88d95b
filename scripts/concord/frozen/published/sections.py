"""A published equation as it is written down: the sections of its file."""

import json
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ...features.settings.recipe import RecipeSection
from ...features.settings.regions import RegionSection
from ...fields import Name, Section
from ...folds.causes import Causes
from ...folds.endpoints.options import Days
from ...image_names import ImageSection
from ..development import ExpectedPerformance

FORMAT = "concord-published-model"
#: Transforms of a value before it is weighed, with the factor of the natural logarithm.
LOGARITHMS = {"log": 1.0, "log2": 1.4426950408889634, "log10": 0.4342944819032518}
Transform = Literal["none", "log", "log2", "log10"]


class FeatureTerm(Section):
    """A feature, named by its IBSI code or by another tool's name for it."""

    image: Name = Field(description="Name of the image.")
    region: Name = Field(description="What is segmented.")
    ibsi_code: str | None = Field(default=None, description="IBSI code, such as Q4LE.")
    pyradiomics: str | None = Field(
        default=None, description="Name in pyradiomics, such as original_glcm_Contrast."
    )
    mirp: str | None = Field(default=None, description="Name in MIRP.")
    name: str | None = Field(
        default=None, description="Own name, <family>.<feature>, if a code has several."
    )
    filter: str = Field(default="original", description="Image filter, or original.")
    recipe: Name | None = Field(
        default=None, description="Recipe, if it is not the main one of the image."
    )

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        names = [self.ibsi_code, self.pyradiomics, self.mirp, self.name]
        if sum(name is not None for name in names) != 1:
            raise ValueError("give exactly one of ibsi_code, pyradiomics, mirp, name")
        return self


class CovariateTerm(Section):
    """A covariate: a number, or one level of a category."""

    name: Name = Field(description="Name of the covariate.")
    column: str = Field(default="", description="Usual column; by default its name.")
    unit: str = Field(default="", description="Unit of a number.")
    label: str = Field(default="", description="Name in figures and report.")
    levels: list[str] = Field(
        default=[], description="Levels of a category; the first is the reference."
    )
    level: str | None = Field(
        default=None, description="Level that the coefficient is of."
    )

    @model_validator(mode="after")
    def _level_is_one(self) -> Self:
        if bool(self.levels) != (self.level is not None):
            raise ValueError("a category gives levels and the level of the coefficient")
        if self.levels and self.level not in self.levels[1:]:
            raise ValueError(
                f"level is {self.level!r}, expected one of {self.levels[1:]}, the "
                "levels but the reference"
            )
        return self


class Term(Section):
    """One term of the equation: a coefficient and what it weighs."""

    feature: FeatureTerm | None = Field(default=None, description="A feature, or")
    covariate: CovariateTerm | None = Field(default=None, description="a covariate.")
    coefficient: float = Field(
        description="Per unit of the value (after its transform) or, with sd, per SD."
    )
    transform: Transform = Field(
        default="none",
        description="Applied to the value, in its unit, before all else.",
    )
    mean: float = Field(
        default=0.0, description="Taken from the transformed value, if so published."
    )
    sd: float | None = Field(
        default=None, gt=0, description="What the centred value is divided by."
    )
    unit: str | None = Field(
        default=None, description="Unit of a feature, compared with that of the recipe."
    )
    range: tuple[float, float] | None = Field(
        default=None, description="Lowest and highest value in development, if told."
    )

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        if (self.feature is None) == (self.covariate is None):
            raise ValueError("give exactly one of feature and covariate")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ValueError(f"range is {list(self.range)}, expected ascending values")
        changed = self.transform != "none" or self.mean or self.sd is not None
        if self.covariate is not None and self.covariate.levels and changed:
            raise ValueError("a level of a category has no transform, mean or sd")
        return self


class BaselineSurvival(Section):
    """Survival without the event at one time, of a subject whose score is zero."""

    days: Days
    survival: Annotated[float, Field(gt=0, lt=1)]


class PublishedOutcome(Section):
    """Outcome that the equation predicts."""

    name: Name = Field(description="Name of the endpoint.")
    kind: Literal["diagnostic", "prognostic", "competing"] = Field(
        description="diagnostic: logistic; prognostic: Cox; competing: Cox of a cause."
    )
    label: str = Field(default="", description="Name in figures and report.")
    causes: Causes = Field(default={})
    cause: int = Field(default=1, description="Code of the cause of interest.")


class PublishedPopulation(Section):
    """Subjects of the publication."""

    n: int = Field(ge=1, description="Subjects of development.")
    n_events: int | None = Field(default=None, ge=0, description="Events among them.")
    words: str = Field(default="", description="Who they were.")


class PublishedModel(Section):
    """A published equation."""

    format: Literal["concord-published-model"] = Field(description="Kind of the file.")
    name: Name = Field(description="Name of the model, as that of an arm.")
    title: str = Field(description="Name in figures and report.")
    reference: str = Field(description="Publication, with its DOI.")
    licence: str = Field(default="", description="Terms of use of the equation.")
    intended_use: str = Field(default="", description="For whom and what it is meant.")
    outcome: PublishedOutcome
    population: PublishedPopulation
    images: dict[Name, ImageSection] = Field(default={}, description="As in a study.")
    recipes: dict[Name, RecipeSection] = Field(
        default={},
        description="As in a study: how features are computed from images; none if "
        "only tables of the software named below are taken.",
    )
    regions: dict[Name, RegionSection] = Field(default={}, description="As in a study.")
    software: str | None = Field(
        default=None,
        description="Software of feature tables, with its version, if no recipe is "
        "given, such as pyradiomics 3.0.1.",
    )
    terms: list[Term] = Field(min_length=1, description="Terms of the equation.")
    intercept: float | None = Field(
        default=None, description="Log odds when all terms are zero (diagnostic)."
    )
    baseline: list[BaselineSurvival] = Field(
        default=[], description="Baseline survival by days, ascending (with times)."
    )
    cuts: list[float] = Field(
        default=[], description="Scores that cut the risk groups, ascending."
    )
    thresholds: dict[Literal["youden", "sensitivity", "specificity"], float] = Field(
        default={}, description="Scores from which on a subject is high."
    )
    expected: list[ExpectedPerformance] = Field(
        default=[], description="Performance as it was published."
    )

    @property
    def has_times(self) -> bool:
        """True if the outcome has times."""
        return self.outcome.kind != "diagnostic"


def faults(model: PublishedModel) -> list[tuple[str, str]]:
    """Faults that no section can see alone, as (key, message)."""
    found: list[tuple[str, str]] = []
    if model.has_times and model.intercept is not None:
        found.append(("intercept", "belongs to a diagnostic outcome; give baseline"))
    if not model.has_times and model.baseline:
        found.append(("baseline", "belongs to an outcome with times; give intercept"))
    days = [one.days for one in model.baseline]
    survival = [one.survival for one in model.baseline]
    if days != sorted(set(days)) or survival != sorted(survival, reverse=True):
        found.append(("baseline", "expected ascending days and falling survival"))
    if model.cuts != sorted(set(model.cuts)):
        found.append(("cuts", f"are {model.cuts}, expected ascending scores"))
    measured = any(term.feature is not None for term in model.terms)
    if measured and bool(model.recipes) == (model.software is not None):
        told = "give either recipes, by which features are computed, or the software "
        found.append(("recipes", told + "of the tables that are taken"))
    return found


def json_schema() -> str:
    """JSON schema of the file, as text."""
    schema = PublishedModel.model_json_schema()
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
