"""The configuration of one study, composed of the settings of all stages."""

from pydantic import Field

from ..agreement.settings import AgreementSection
from ..evaluation.given.settings import PredictionsSection
from ..evaluation.multiverse.settings import MultiverseSection
from ..evaluation.settings import EvaluationSection
from ..feature_import.settings import FeatureTableSection
from ..features.settings.crosscheck import CrosscheckSection
from ..features.settings.feature_maps import FeatureMapsSection
from ..features.settings.recipe import RecipeSection
from ..features.settings.regions import RegionSection
from ..features.settings.variants import VariantsSection
from ..fields import Name, Section
from ..figures.settings import FigureStyle
from ..folds.settings import CovariateSection, EndpointSection, FactorSection
from ..folds.validation import ValidationSection
from ..frozen.applying.settings import AppliedModels
from ..frozen.settings import FreezeSection
from ..harmonization.confounding_settings import ConfoundingSection
from ..harmonization.settings import HarmonizationSection
from ..image_names import ImageSection
from ..ingest.acquisition.settings import ProtocolItem
from ..ingest.settings import IngestSection
from ..models.settings.arm import ArmSection
from ..privacy.settings import PrivacySection
from ..report.settings import ReportSection
from ..simulate.settings import SimulationSection
from ..stability.settings import StabilitySection
from ..tables.kinds import KINDS
from .settings import SheetsSection, StudySection

#: The batch or group that comes from the subjects sheet, not from the headers.
SITE = "site"


class StudyConfig(Section):
    """The configuration of one study."""

    study: StudySection = Field(description="What the study is.")
    data_root: str = Field(
        description="Folder that all sources of the sheets are below.",
    )
    linked_roots: list[str] = Field(
        default=[],
        description="Folders outside of data_root that links below it may lead to, "
        "such as an archive; what leads elsewhere is a fault.",
    )
    sheets: SheetsSection = Field(
        default_factory=SheetsSection, description="The study's three sheets."
    )
    dicom_roots: dict[Name, str] = Field(
        default={},
        description="Folders below data_root that `snakemake index` scans, one per "
        "site.",
    )
    simulation: SimulationSection | None = Field(
        default=None,
        description="Present only in the demo study, whose images are simulated.",
    )
    feature_table: FeatureTableSection | None = Field(
        default=None,
        description="Present only in a study that starts from computed features "
        "instead of images.",
    )
    predictions: PredictionsSection | None = Field(
        default=None,
        description="Present only in a study of predictions that another tool made, "
        "which are judged here; see docs/given_predictions.md.",
    )
    model: AppliedModels | None = Field(
        default=None,
        description="Present only in a study that applies frozen models to its "
        "subjects; see docs/prediction.md. All that makes features and scores comes "
        "from the models.",
    )
    images: dict[Name, ImageSection] = Field(
        default={},
        description="What the image sheet does not say of an image, by its name; only "
        "for images that need it.",
    )
    ingest: IngestSection = Field(
        default_factory=IngestSection, description="From DICOM to NIfTI."
    )
    privacy: PrivacySection = Field(
        default_factory=PrivacySection,
        description="What keeps patients from being recognized; see docs/privacy.md.",
    )
    protocol: dict[Name, dict[str, ProtocolItem]] = Field(
        default={},
        description="The acquisition facts that the study wants, by image (or by "
        "modality: all its other images) and by their names in the acquisition table: "
        "a list of values, or lowest and highest. What departs is reported, never "
        "excluded.",
    )
    agreement: AgreementSection = Field(
        default_factory=AgreementSection, description="Comparison of readers."
    )
    recipes: dict[Name, RecipeSection] = Field(
        default={},
        description="How features are computed: one main recipe per image, with its "
        "name or, for all other images of a modality, that of the modality, and any "
        "number of others.",
    )
    regions: dict[Name, RegionSection] = Field(
        default={},
        description="Regions made of segmented ones by distances in mm, such as a rim "
        "around the tumour; measured like segmented ones.",
    )
    crosscheck: CrosscheckSection = Field(
        default_factory=CrosscheckSection,
        description="Features of some subjects, computed by a second engine.",
    )
    stability: StabilitySection = Field(
        default_factory=StabilitySection,
        description="Repeatability and reproducibility of features.",
    )
    variants: VariantsSection | None = Field(
        default=None,
        description="One scan measured again under other conditions; null: none.",
    )
    feature_maps: FeatureMapsSection | None = Field(
        default=None,
        description="Maps of features for figures; null: none.",
    )
    harmonization: HarmonizationSection = Field(
        default_factory=lambda: HarmonizationSection(batch={}),
        description="Removal of batch effects, learnt from development rows only.",
    )
    covariates: dict[Name, CovariateSection] = Field(
        default={}, description="Clinical predictors."
    )
    factors: dict[Name, FactorSection] = Field(
        default={},
        description="What else differs between subjects: treatment, protocol, era.",
    )
    endpoints: dict[Name, EndpointSection] = Field(
        default={},
        description="Outcomes and the questions asked of them; a study that applies "
        "frozen models may have none.",
    )
    arms: dict[Name, ArmSection] = Field(
        default={},
        description="Models that are compared with each other.",
    )
    validation: ValidationSection = Field(
        default_factory=ValidationSection,
        description="How development and evaluation subjects are split.",
    )
    confounding: ConfoundingSection = Field(
        default_factory=ConfoundingSection,
        description="What in the design is warned of: outcomes, factors and "
        "covariates that go with the group, and what repeats an outcome.",
    )
    evaluation: EvaluationSection = Field(description="How predictions are judged.")
    multiverse: MultiverseSection | None = Field(
        default=None,
        description="Other analyses that could have been chosen, all run through the "
        "same folds, so that the report shows where the headline stands among them; "
        "null: none.",
    )
    freeze: FreezeSection = Field(
        default_factory=FreezeSection,
        description="Models that are written for use elsewhere; see "
        "docs/frozen_models.md.",
    )
    figures: FigureStyle = Field(
        default_factory=FigureStyle, description="Style of the figures."
    )
    report: ReportSection = Field(
        default_factory=ReportSection, description="Title and authors of the report."
    )

    def batch_variables(self) -> list[str]:
        """Variables that may be a batch or a group besides the site."""
        table = self.feature_table
        return list(KINDS["acquisition"]) if table is None else table.batch_columns

    @property
    def n_samples(self) -> int:
        """Bootstrap samples: those of the optimism, else those of the instability."""
        return self.validation.bootstrap or self.evaluation.instability.samples

    @property
    def instability_arms(self) -> list[str]:
        """Arms whose instability is asked for, in the order of the arms."""
        asked = self.evaluation.instability
        chosen = asked.arms or [self.evaluation.headline_arm]
        return [name for name in self.arms if name in chosen and asked.samples]

    @property
    def resampled_arms(self) -> list[str]:
        """Arms that are fitted to bootstrap samples: all for their optimism."""
        return list(self.arms) if self.validation.bootstrap else self.instability_arms
