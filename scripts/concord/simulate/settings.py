"""The section `simulation`: the demo study, whose truth is known."""

from typing import Literal, Self

from pydantic import Field

from ..fields import Name, Section
from ..settings import RuleSettings, StudyView, from_study
from .planted import OtherDeaths, PlantedTreatment, UnusualSubject
from .roles import OutcomeRoles
from .site_settings import SiteSimulation, demo_sites


class SimulationSection(Section):
    """The demo study: DICOM made from numbers that are known."""

    sites: dict[Name, SiteSimulation] = Field(
        default_factory=demo_sites, min_length=1, description="Sites by name."
    )
    heterogeneity_mean_hu: float = Field(
        default=26.0,
        ge=5,
        le=80,
        description="Mean over subjects of the texture amplitude of the lesion in CT "
        "(SD of HU within the lesion), the same at all sites.",
    )
    heterogeneity_sd_hu: float = Field(
        default=8.0,
        ge=0,
        le=30,
        description="SD over subjects of the texture amplitude, in HU; amplitudes "
        "below 2 HU are raised to it.",
    )
    correlation_length_mm: float = Field(
        default=4.0,
        ge=1,
        le=20,
        description="Correlation length of the texture in CT: voxels this far apart "
        "correlate by exp(-1/2).",
    )
    radius_mean_mm: float = Field(
        default=13.0,
        ge=9,
        le=14,
        description="Mean radius of the sphere as large as the lesion, in mm.",
    )
    radius_sd_mm: float = Field(
        default=1.8,
        ge=0,
        le=3,
        description="SD of that radius over subjects, in mm; kept within 8 to 18 mm.",
    )
    texture_log_hazard: float = Field(
        default=1.5,
        ge=-3,
        le=3,
        description="Log hazard ratio, and log odds ratio, per SD of the texture "
        "amplitude.",
    )
    age_log_hazard: float = Field(
        default=0.5, ge=-3, le=3, description="The same per SD of age (10 years)."
    )
    stage_log_hazard: float = Field(
        default=0.7, ge=-3, le=3, description="The same per step of stage."
    )
    median_time_days: float = Field(
        default=900.0,
        gt=0,
        le=10000,
        description="Median survival at log hazard 0, in days.",
    )
    weibull_shape: float = Field(
        default=1.3, ge=0.3, le=5, description="Shape of the survival times."
    )
    follow_up_days: float = Field(
        default=1825.0,
        gt=0,
        le=10000,
        description="End of follow-up; survivors are censored then.",
    )
    dropout_per_year: float = Field(
        default=0.08,
        ge=0,
        le=2,
        description="Rate of random censoring before the end of follow-up.",
    )
    reader_bias_mm: float = Field(
        default=1.0,
        ge=-3,
        le=3,
        description="How far reader B segments beyond the true surface, in mm.",
    )
    reader_jitter_mm: float = Field(
        default=0.4,
        ge=0,
        le=2,
        description="SD of the smooth random deviation of each segmentation, in mm.",
    )
    automatic_bias_mm: float = Field(
        default=-0.8,
        ge=-3,
        le=3,
        description="How far the algorithm (reader AI) segments beyond the true "
        "surface, in mm; negative is inside.",
    )
    automatic_jitter_mm: float = Field(
        default=0.2,
        ge=0,
        le=2,
        description="SD of the smooth random deviation of its segmentations, in mm.",
    )
    readers: list[Literal["A", "B", "AI"]] = Field(
        default=["A", "B", "AI"],
        min_length=1,
        description="Readers whose segmentations are stored.",
    )
    expected_scores: str | None = Field(
        default=None,
        description="Predictions of the study that the frozen models come from "
        "(loso_predictions.tsv), whose scores they must repeat here; beside the "
        "configuration; null: not compared.",
    )
    other_deaths: OtherDeaths | None = Field(
        default=None,
        description="Deaths of other causes, and the columns comorbidity and cause "
        "(1 the tumour, 2 another one); null: none.",
    )
    treatment: PlantedTreatment | None = Field(
        default=None,
        description="Columns treatment and receptor, and the interaction of both in "
        "recurrence alone; null: none.",
    )
    without_pet_every: int | None = Field(
        default=None,
        ge=2,
        description="One of so many subjects of a site, in the middle of each run of "
        "them, has no PET; null: all have.",
    )

    def has_pet(self, index: int) -> bool:
        """True if the subject with an index within its site was scanned by PET."""
        every = self.without_pet_every
        return every is None or index % every != every // 2


class SimulateSite(RuleSettings):
    """Settings of rule simulate_site."""

    site: str
    seed: int = from_study("study.seed")
    simulation: SimulationSection = from_study("simulation")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one site; `names` holds `site`."""
        return cls.composed(study, names, site=names["site"])


class RecoverTruth(RuleSettings):
    """Settings of rule recover_truth: roles of the arms, and whose rows are judged."""

    headline_arm: str = from_study("evaluation.headline_arm")
    reference_arm: str = from_study("evaluation.reference_arm")
    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")
    group_arms: list[str]  # predict by the group alone
    control_arms: list[str]  # see noise in place of the image
    outcomes: OutcomeRoles = OutcomeRoles()
    fused_arms: list[str] = Field(default=[])

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of the arms of each role."""
        arms = study.value("arms").items()
        group_arms = [name for name, arm in arms if arm.predicts_by_group_alone]
        return cls.composed(
            study,
            names,
            group_arms=group_arms,
            control_arms=study.noise_arms,
            outcomes=OutcomeRoles.of(study.config),
            fused_arms=[name for name, arm in arms if arm.fusion is not None],
        )


class RecoverApplied(RuleSettings):
    """Settings of rule recover_applied: the arms, and what was planted in whom."""

    headline_arm: str = from_study("evaluation.headline_arm")
    reference_arm: str = from_study("evaluation.reference_arm")
    planted: dict[str, UnusualSubject]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the unusual subjects of all sites, by name; else with none."""
        simulated = study.config.simulation
        sites = simulated.sites.values() if simulated is not None else ()
        planted = {name: one for site in sites for name, one in site.unusual.items()}
        return cls.composed(study, names, planted=planted)
