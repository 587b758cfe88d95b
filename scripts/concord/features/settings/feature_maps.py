"""The section `feature_maps`: where in a region a feature has which value."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from ...fields import Name, Section
from ..families import MAPPED_FAMILIES


def _mapped(column: str) -> str:
    if not re.fullmatch(
        rf"original\.({'|'.join(MAPPED_FAMILIES)})\.[a-z0-9_]+", column
    ):
        raise ValueError(
            "must be a column original.<family>.<feature> of one of the families "
            f"{', '.join(MAPPED_FAMILIES)}"
        )
    return column


Columns = Annotated[list[Annotated[str, AfterValidator(_mapped)]], Field(max_length=6)]


class ImageMaps(Section):
    """Maps of the scans of one image."""

    features: Columns
    radius_mm: float
    step: int


class FeatureMapsSection(Section):
    """Maps of features for figures: the value in a ball around every voxel."""

    features: dict[Name, Columns] = Field(
        description="Columns that are mapped, by image (or by modality: all its other "
        "images), such as {CT: [original.glcm.joint_entropy]}."
    )
    radius_mm: float = Field(
        default=6.0, gt=0, le=50, description="Radius of the ball, in mm."
    )
    step: int = Field(
        default=1,
        ge=1,
        le=10,
        description="Compute at every step-th voxel along each axis only.",
    )
    cases_per_site: int = Field(
        default=1,
        ge=1,
        description="Subjects of each site, chosen by a hash of their id; of the "
        "baseline session and the reference reader.",
    )

    def of_image(self, image: str) -> ImageMaps:
        """The maps of one image."""
        return ImageMaps(
            features=self.features[image], radius_mm=self.radius_mm, step=self.step
        )
