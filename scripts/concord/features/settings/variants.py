"""The section `variants`: one scan measured again under other conditions."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from ...fields import Name, Section, called_before
from .perturbations import PerturbationSection
from .recipe import Millimetres


def _rising(values: list[float]) -> list[float]:
    if sorted(set(values)) != values:
        raise ValueError(f"are {values}, expected each once, in rising order")
    return values


Spacings = Annotated[
    list[Millimetres], Field(min_length=1, max_length=20), AfterValidator(_rising)
]
Bins = Annotated[
    list[Annotated[float, Field(gt=0)]],
    Field(min_length=1, max_length=20),
    AfterValidator(_rising),
]


class ImageVariants(Section):
    """Variants of the scans of one image; an image may have none of a kind."""

    perturbations: PerturbationSection
    spacings_mm: Spacings | None
    bins: Bins | None


class VariantsSection(Section):
    """Further measurements of the baseline scan by the main recipe of its image, of
    the segmentations of the reference reader: axes of the table of stability."""

    subjects_per_site: int | None = Field(
        default=None,
        ge=3,
        description="Subjects of each site that are measured again, chosen by a hash "
        "of their id; null: all.",
    )
    images: list[Name] = Field(
        default=[],
        description="Images that are measured again, a modality standing for all of "
        "its images; empty: all.",
    )
    perturbations: PerturbationSection = Field(
        default_factory=PerturbationSection,
        description="Small changes of image and mask that a feature should survive.",
    )
    spacings_mm: dict[Name, Spacings] = Field(
        default={},
        description="Isotropic voxel spacings in mm beside that of the recipe, such as "
        "{CT: [1, 3]}; by image, or by modality for all its other images.",
    )
    bins: dict[Name, Bins] = Field(
        default={},
        description="Bins of histogram and texture beside those of the recipe: widths "
        "for FBS, numbers for FBN, such as {CT: [5, 25]}; by image or modality.",
    )

    @model_validator(mode="before")
    @classmethod
    def _modalities_are_images(cls, values: Any) -> Any:
        return called_before(values, {"modalities": "images"})

    def of_image(self, image: str) -> ImageVariants:
        """The variants of one image."""
        return ImageVariants(
            perturbations=self.perturbations,
            spacings_mm=self.spacings_mm.get(image),
            bins=self.bins.get(image),
        )
