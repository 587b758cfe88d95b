"""Settings of the report."""

from typing import Self

from pydantic import Field

from ..agreement.settings import AgreementSection
from ..evaluation.settings import EvaluationSection
from ..features.settings.inheritance import Images, Recipes, complete
from ..features.settings.recipe import RecipeSection
from ..features.settings.regions import RegionSection
from ..features.settings.variants import VariantsSection
from ..fields import Section
from ..folds.settings import (
    CovariateSection,
    EndpointSection,
    FactorSection,
    ValidationSection,
)
from ..harmonization.settings import HarmonizationSection
from ..models.settings import ArmSection
from ..settings import RuleSettings, StudyView, from_study
from ..stability.settings import StabilitySection


class ReportSection(Section):
    """Title and authors of the report."""

    title: str = Field(
        default="Imaging-biomarker study", description="Title of the report."
    )
    authors: list[str] = Field(default=[], description="Authors, as printed.")


class ReportedStudy(Section):
    """What the report states of the study as a whole."""

    name: str
    seed: int
    baseline_session: str
    reference_reader: str
    demonstration: str | None


class ReportedRecipe(RecipeSection):
    """A complete recipe with the images that it is for, and their units."""

    images: dict[str, str]
    main: bool = Field(description="Whether its columns carry no name of a recipe.")


def reported_recipes(
    recipes: Recipes, images: Images | None = None
) -> dict[str, ReportedRecipe]:
    """Every recipe complete, by name; of images as in `inheritance.complete`."""
    return {
        name: ReportedRecipe.model_validate(settings)
        for name, settings in complete(recipes, images).items()
    }


class Report(RuleSettings):
    """Settings of rule report: all that the report explains or quotes."""

    study: ReportedStudy = from_study("study")
    report: ReportSection = from_study("report")
    endpoints: dict[str, EndpointSection] = from_study("endpoints")
    covariates: dict[str, CovariateSection] = from_study("covariates")
    factors: dict[str, FactorSection] = from_study("factors")
    arms: dict[str, ArmSection] = from_study("arms")
    validation: ValidationSection = from_study("validation")
    evaluation: EvaluationSection = from_study("evaluation")
    recipes: dict[str, ReportedRecipe]
    regions: dict[str, RegionSection] = from_study("regions")
    variants: VariantsSection | None = from_study("variants")
    harmonization: HarmonizationSection = from_study("harmonization")
    agreement: AgreementSection = from_study("agreement")
    stability: StabilitySection = from_study("stability")
    keyed: bool = Field(description="Whether identifiers are hashed with a secret.")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with complete recipes, and without the secret."""
        return cls.composed(
            study,
            names,
            recipes=reported_recipes(study.config.recipes, study.config.images),
            keyed=study.config.privacy.secret_file is not None,
        )
