"""The section `simulation`: the demo study, whose truth is known."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ..fields import Name, Section
from ..settings import RuleSettings, StudyView, from_study
from .planted import PlantedExtras
from .roles import OutcomeRoles


class SiteSimulation(Section):
    """One simulated site: its size, its scanner and its risk."""

    n_subjects: int = Field(default=20, ge=2, le=999, description="Subjects.")
    n_retest: int = Field(
        default=5,
        ge=0,
        description="Subjects, the first ones, that are scanned a second time.",
    )
    gain: float = Field(
        default=1.0,
        ge=0.5,
        le=2,
        description="Multiplies the true intensities, HU and SUV.",
    )
    offset_hu: float = Field(
        default=0.0, ge=-50, le=50, description="Added to the HU after the gain."
    )
    noise_hu: float = Field(
        default=12.0, ge=0, le=60, description="SD of the CT noise, in HU."
    )
    blur_mm: float = Field(
        default=1.2,
        ge=0,
        le=5,
        description="SD of the Gaussian blur of the CT kernel within a slice, in mm.",
    )
    noise_suv: float = Field(
        default=0.3, ge=0, le=2, description="SD of the PET noise, in SUV."
    )
    pet_blur_mm: float = Field(
        default=2.5,
        ge=0,
        le=8,
        description="SD of the Gaussian blur of the PET in three dimensions, in mm.",
    )
    baseline_log_hazard: float = Field(
        default=0.0,
        ge=-3,
        le=3,
        description="Effect of the site on both outcomes, as log hazard ratio and log "
        "odds; different values confound site and outcome.",
    )

    reader_b_format: Literal["rtstruct", "seg"] = Field(
        default="rtstruct",
        description="How the segmentations of reader B are stored: contours (rtstruct) "
        "or voxels (seg).",
    )

    ct_format: Literal["classic", "jpeg_ls", "enhanced"] = Field(
        default="classic",
        description="How CT is stored: one file per slice, plain (classic) or "
        "compressed without loss (jpeg_ls), or one multi-frame file (enhanced).",
    )
    n_incomplete: int = Field(
        default=0,
        ge=0,
        description="Retest CT scans, the last ones, that lack a slice in the middle: "
        "a planted fault.",
    )

    n_automatic_failures: int = Field(
        default=2,
        ge=0,
        description="Subjects, the last ones, of whom the algorithm (reader AI) finds "
        "half of the lesion only: a planted failure.",
    )

    kvp: float = Field(
        default=120.0,
        ge=70,
        le=150,
        description="Tube voltage in the CT headers, in kV; it changes no voxel.",
    )
    software_change_after: int | None = Field(
        default=None,
        ge=1,
        description="Subjects, in the order of their scans, after which the headers "
        "tell software 2.0 in place of 1.0; null: never. It changes no voxel.",
    )

    @model_validator(mode="after")
    def _retests_are_subjects(self) -> Self:
        if self.n_retest > self.n_subjects:
            raise ValueError(
                f"n_retest is {self.n_retest}, expected at most n_subjects, which is "
                f"{self.n_subjects}"
            )
        if self.n_automatic_failures > self.n_subjects:
            raise ValueError(
                f"n_automatic_failures is {self.n_automatic_failures}, expected at "
                f"most n_subjects, which is {self.n_subjects}"
            )
        if self.n_incomplete > self.n_retest:
            raise ValueError(
                f"n_incomplete is {self.n_incomplete}, expected at most n_retest, "
                f"which is {self.n_retest}"
            )
        return self


def demo_sites() -> dict[str, Any]:
    """Three sites; the one with the highest risk shows texture the weakest."""
    return {
        "A": SiteSimulation(
            gain=1.1,
            offset_hu=8.0,
            noise_hu=8.0,
            blur_mm=0.8,
            noise_suv=0.1,
            pet_blur_mm=1.5,
            baseline_log_hazard=-1.2,
        ),
        "B": SiteSimulation(
            software_change_after=12, ct_format="jpeg_ls", n_incomplete=1
        ),
        "C": SiteSimulation(
            gain=0.9,
            offset_hu=-12.0,
            noise_hu=18.0,
            blur_mm=1.8,
            noise_suv=0.6,
            pet_blur_mm=4.0,
            baseline_log_hazard=1.2,
            reader_b_format="seg",
            kvp=100.0,
        ),
    }


class SimulationSection(PlantedExtras):
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
