"""The section `variants`: one scan measured again under other conditions."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from ...fields import Modality, Section
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


class VariantsSection(Section):
    """Further measurements of the baseline scan by the main recipe of its modality, of
    the outlines of the reference reader: axes of the table of stability."""

    subjects_per_site: int | None = Field(
        default=None,
        ge=3,
        description="Subjects of each site that are measured again, chosen by a hash "
        "of their id; null: all.",
    )
    modalities: list[Modality] = Field(
        default=[], description="Modalities that are measured again; empty: all."
    )
    perturbations: PerturbationSection = Field(
        default_factory=PerturbationSection,
        description="Small changes of image and outline that a feature should survive.",
    )
    spacings_mm: dict[Modality, Spacings] = Field(
        default={},
        description="Isotropic voxel spacings in mm beside that of the recipe, such as "
        "{CT: [1, 3]}.",
    )
    bins: dict[Modality, Bins] = Field(
        default={},
        description="Bins of histogram and texture beside those of the recipe: widths "
        "for FBS, numbers for FBN, such as {CT: [5, 25]}.",
    )


def variant_faults(
    section: VariantsSection | None, known: list[str]
) -> Iterator[tuple[str, str]]:
    """Variants of modalities that the study does not have, as (key, message)."""
    if section is None:
        return
    for key in ("modalities", "spacings_mm", "bins"):
        for modality in getattr(section, key):
            if modality not in known:
                yield (
                    f"variants.{key}",
                    f"{modality} has no main recipe; known: {', '.join(known)}",
                )
