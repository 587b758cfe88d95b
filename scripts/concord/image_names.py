"""Images by their names: modality, unit, and what a study says of each."""

import re
from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import AfterValidator, Field

from .fields import Modality, Section

MODALITIES: tuple[str, ...] = get_args(Modality)

#: Unit of the voxel values of each modality, if an image declares no other.
INTENSITY_UNITS = {"CT": "HU", "PT": "SUV", "MR": "arbitrary"}


#: Printable characters that units of UCUM are made of, brackets included.
_UNIT = re.compile(r"[A-Za-z0-9*^./%'(){}\[\]_-]{1,30}")


def _is_unit(value: str) -> str:
    if not _UNIT.fullmatch(value):
        raise ValueError("must be a unit of UCUM without blanks, such as 10*-6.mm2/s")
    return value


def by_image[T](
    section: Mapping[str, T], modalities: Mapping[str, str]
) -> dict[str, T]:
    """The entry of each image that has one, in the order of the section's keys.

    Parameters
    ----------
    section : mapping
        By the name of an image or, for all images that have no entry, a modality.
    modalities : mapping of str to str
        Modality of each image.
    """
    return {
        image: entry
        for key, entry in section.items()
        for image, modality in modalities.items()
        if image == key or (modality == key and image not in section)
    }


class ImageSection(Section):
    """One image of the study, known by its name."""

    modality: Modality | None = Field(
        default=None,
        description="CT, MR or PT; null: as the column modality of the image sheet "
        "says.",
    )
    unit: Annotated[str, AfterValidator(_is_unit)] | None = Field(
        default=None,
        description="Unit of the voxel values of a quantitative MR image, in the "
        "notation of UCUM (https://ucum.org), such as 10*-6.mm2/s for an ADC; null: "
        "HU for CT, SUV for PT, arbitrary for MR.",
    )

    @property
    def voxel_unit(self) -> str:
        """The declared unit; empty for that of the modality."""
        return self.unit or ""
