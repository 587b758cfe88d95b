"""Settings of what a simulated study may have planted in its outcomes and its scans."""

from typing import Literal, Self

from pydantic import Field, model_validator

from ..fields import Section


class OtherDeaths(Section):
    """Deaths of other causes: a hazard that comorbidity raises, and nothing else."""

    severe_share: float = Field(
        default=1 / 3,
        gt=0,
        lt=1,
        description="Share of subjects of a site with severe comorbidity, drawn "
        "independently of all else.",
    )
    median_time_days: float = Field(
        default=250.0,
        gt=0,
        le=10000,
        description="Median time to death of another cause with severe comorbidity, in "
        "days.",
    )
    severe_log_hazard: float = Field(
        default=3.0,
        ge=0,
        le=6,
        description="Log hazard ratio of severe comorbidity for deaths of other "
        "causes.",
    )


class PlantedTreatment(Section):
    """A treatment randomized within site, whose effect depends on a receptor."""

    interaction_log_odds: float = Field(
        default=6.0,
        ge=-12,
        le=12,
        description="Log of the ratio of two odds ratios of recurrence by treatment: "
        "with the receptor over without. Halves of it have opposite signs, so that the "
        "treatment has no effect on average.",
    )


class OtherScanner(Section):
    """A scanner besides that of a site; what is null is as at the site."""

    model: str = Field(
        default="2",
        min_length=1,
        max_length=40,
        description="Name of the model in the headers, after that of the site.",
    )
    kvp: float | None = Field(
        default=None,
        ge=70,
        le=150,
        description="Tube voltage in the CT headers, in kV.",
    )
    gain: float | None = Field(
        default=None, ge=0.5, le=2, description="Multiplies the true intensities."
    )
    offset_hu: float | None = Field(
        default=None, ge=-50, le=50, description="Added to the HU after the gain."
    )
    noise_hu: float | None = Field(
        default=None, ge=0, le=60, description="SD of the CT noise, in HU."
    )
    blur_mm: float | None = Field(
        default=None,
        ge=0,
        le=5,
        description="SD of the blur of the CT kernel, in mm; it names the kernel.",
    )
    noise_suv: float | None = Field(
        default=None, ge=0, le=2, description="SD of the PET noise, in SUV."
    )
    pet_blur_mm: float | None = Field(
        default=None, ge=0, le=8, description="SD of the blur of the PET, in mm."
    )


class UnusualSubject(Section):
    """A subject who is unusual in what is given here, and in nothing else.

    Its outcome is drawn as that of all others, of a lesion as it would have been.
    """

    scanner: OtherScanner | None = Field(
        default=None, description="Scanner besides that of the site; null: the same."
    )
    heterogeneity_hu: float | None = Field(
        default=None,
        ge=2,
        le=200,
        description="Texture amplitude of the lesion in CT, in HU; null: drawn.",
    )
    radius_mm: float | None = Field(
        default=None,
        ge=3,
        le=22,
        description="Radius of the sphere as large as the lesion, in mm; null: drawn.",
    )
    without: Literal["CT", "PT"] | None = Field(
        default=None, description="Modality that there is no image of; null: both are."
    )

    @model_validator(mode="after")
    def _is_unusual(self) -> Self:
        if self == type(self).model_construct():
            raise ValueError(
                "is unusual in nothing; give scanner, heterogeneity_hu, radius_mm or "
                "without"
            )
        return self
