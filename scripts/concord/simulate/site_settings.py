"""Settings of one simulated site: its size, its scanner and its risk."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ..fields import Name, Section
from .planted import UnusualSubject


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

    unusual: dict[Name, UnusualSubject] = Field(
        default={},
        description="More subjects, after those of n_subjects, each unusual in what "
        "its name tells; they move no other subject.",
    )

    def scanner_of(self, unusual: str | None) -> Self:
        """The site as the scanner of a subject shows it."""
        planted = self.unusual[unusual].scanner if unusual is not None else None
        if planted is None:
            return self
        own = planted.model_dump(exclude={"model"}, exclude_none=True)
        return self.model_copy(update=own)

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
