"""Settings of the report."""

from typing import Self

from pydantic import Field

from ..agreement.settings import AgreementSection
from ..evaluation.settings import EvaluationSection
from ..features.settings.inheritance import complete
from ..features.settings.recipe import CompleteRecipe
from ..features.settings.regions import RegionSection
from ..features.settings.variants import VariantsSection
from ..fields import Section
from ..folds.settings import CovariateSection, EndpointSection, FactorSection
from ..folds.validation import ValidationSection
from ..harmonization.confounding_settings import ConfoundingSection
from ..harmonization.settings import HarmonizationSection
from ..models.settings.arm import ArmSection
from ..privacy.settings import Data, data_of
from ..settings import RuleSettings, StudyView, from_study
from ..stability.settings import StabilitySection


class ReportSection(Section):
    """Title and authors of the report, and the smallest count that it shows."""

    title: str = Field(
        default="Imaging-biomarker study", description="Title of the report."
    )
    authors: list[str] = Field(default=[], description="Authors, as printed.")
    data_licence: str = Field(
        default="",
        description="Licence, or terms, under which the data may be used, as the data "
        "card and the research object tell it; empty says that none was declared.",
    )
    smallest_cell: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="Counts of fewer people than this are hidden on the page, with "
        "what would tell them; 0 hides nothing. Before the page leaves the hospital, "
        "10 or what your data protection officer wants (docs/security.md).",
    )


class ReportedStudy(Section):
    """Facts of the study as a whole that the report states."""

    name: str
    seed: int
    baseline_session: str
    reference_reader: str
    demonstration: str | None


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
    recipes: dict[str, CompleteRecipe]
    regions: dict[str, RegionSection] = from_study("regions")
    variants: VariantsSection | None = from_study("variants")
    harmonization: HarmonizationSection = from_study("harmonization")
    confounding: ConfoundingSection = from_study("confounding")
    agreement: AgreementSection = from_study("agreement")
    stability: StabilitySection = from_study("stability")
    keyed: bool = Field(description="Whether identifiers are hashed with a secret.")
    data: Data = Field(description="Whom the headers of the images name.")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with complete recipes, and without the secret."""
        return cls.composed(
            study,
            names,
            recipes=complete(study.config.recipes, study.config.images),
            keyed=study.config.privacy.secret_file is not None,
            data=data_of(study.config),
        )
