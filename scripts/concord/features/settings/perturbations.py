"""The section `perturbations`: how scans are disturbed to test the features."""

from math import prod
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from ...fields import Section

#: More perturbations than this are a slip; each computes all features again.
MAX_PERTURBATIONS = 200


def _distinct(values: list[float]) -> list[float]:
    if len(set(values)) != len(values):
        raise ValueError("each value may be named once")
    return values


Degrees = Annotated[float, Field(ge=-180, le=180)]
Shift = Annotated[float, Field(ge=-1, le=1)]
Fraction = Annotated[float, Field(ge=-0.9, le=2)]


class PerturbationSection(Section):
    """Perturbations of image and region; the steps run in the order noise, rotation
    and translation, volume, contour."""

    rotations_degrees: Annotated[list[Degrees], AfterValidator(_distinct)] = Field(
        default=[],
        description="Rotations within the slice about the centre of the region, in "
        "degrees, counted from column to row; for instance -13 to 13. Source for all: "
        "doi:10.1038/s41598-018-36938-4.",
    )
    translations_voxels: Annotated[list[Shift], AfterValidator(_distinct)] = Field(
        default=[],
        description="Shifts of the grid along every axis, in voxels of the scan; for "
        "instance 0.25, 0.5 and 0.75.",
    )
    noise_repetitions: int = Field(
        default=0, ge=0, le=100, description="Number of images with noise added."
    )
    noise_scale: float = Field(
        default=1.0,
        gt=0,
        le=10,
        description="SD of the added noise as a multiple of the image's own, which is "
        "estimated from its finest details. Source: doi:10.1109/83.862633.",
    )
    volume_fractions: Annotated[list[Fraction], AfterValidator(_distinct)] = Field(
        default=[],
        description="Changes of the volume of the region, as fractions; for instance "
        "-0.1 and 0.1.",
    )
    contour_repetitions: int = Field(
        default=0,
        ge=0,
        le=100,
        description="Number of contours redrawn at random along supervoxels.",
    )
    supervoxel_mm3: float = Field(
        default=100.0,
        gt=0,
        le=5000,
        description="Mean volume of a supervoxel in mm3, the piece that contours "
        "are redrawn in; at most 1/50 of the region, at least 8 voxels. Source: "
        "doi:10.1109/TPAMI.2012.120.",
    )
    combine: bool = Field(
        default=False,
        description="Every combination of the values above instead of each alone; "
        "0 is a value then.",
    )

    def number(self) -> int:
        """Number of the perturbations."""
        sizes = [
            len(self.rotations_degrees),
            len(self.translations_voxels),
            self.noise_repetitions,
            len(self.volume_fractions),
            self.contour_repetitions,
        ]
        if not self.combine or not any(sizes):
            return sum(sizes)
        return prod(max(size, 1) for size in sizes)

    @model_validator(mode="after")
    def _number_is_sensible(self) -> Self:
        number = self.number()
        if number > MAX_PERTURBATIONS:
            raise ValueError(
                f"these are {number} perturbations, at most {MAX_PERTURBATIONS} are "
                "allowed"
            )
        if not self.combine and 0 in [
            *self.rotations_degrees,
            *self.translations_voxels,
            *self.volume_fractions,
        ]:
            raise ValueError("the value 0 changes nothing without combine")
        return self
