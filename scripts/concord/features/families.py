"""Feature families, each declared once, in the order of the IBSI manual.

What a family is made of (features, codes, units) stands in the shipped table
``resources/ibsi_features.tsv``; its calculator stands with the engine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal


@dataclass(frozen=True, kw_only=True)
class FeatureFamily:
    """One family of features and what sets it apart from the others."""

    name: str  # in columns, recipes and the shipped table
    label: str  # in figures and the report
    texture: bool = False  # made from the grey levels of neighbouring voxels
    directional: bool = False  # its matrices are made per direction, then merged
    of_bins: bool = False  # depends on the bins of the discretization
    needs_contrast: bool = False  # says nothing if all voxels are in one bin
    in_responses: bool = True  # measured in response maps unless a recipe names others
    mapped: bool = True  # has a value in a small ball around a voxel
    of_ibsi: bool = True  # defined by the IBSI; other tools have no other ones


def _texture(name: str, label: str, *, directional: bool = False) -> FeatureFamily:
    """A family of texture matrices."""
    return FeatureFamily(
        name=name,
        label=label,
        texture=True,
        directional=directional,
        of_bins=True,
        needs_contrast=True,
    )


DECLARED = (
    FeatureFamily(
        name="morphology", label="morphology", in_responses=False, mapped=False
    ),
    FeatureFamily(
        name="local_intensity",
        label="local intensity",
        in_responses=False,
        mapped=False,
    ),
    FeatureFamily(name="statistics", label="statistics"),
    FeatureFamily(name="histogram", label="histogram", of_bins=True),
    FeatureFamily(
        name="ivh",
        label="intensity-volume",
        needs_contrast=True,
        in_responses=False,
        mapped=False,
    ),
    _texture("glcm", "GLCM", directional=True),
    _texture("glrlm", "GLRLM", directional=True),
    _texture("glszm", "GLSZM"),
    _texture("gldzm", "GLDZM"),
    _texture("ngtdm", "NGTDM"),
    _texture("ngldm", "NGLDM"),
)


def _names(belongs: Callable[[FeatureFamily], bool]) -> tuple[str, ...]:
    return tuple(family.name for family in DECLARED if belongs(family))


FAMILIES = _names(lambda family: True)
IBSI_FAMILIES = _names(lambda family: family.of_ibsi)
TEXTURE_FAMILIES = _names(lambda family: family.texture)
DIRECTIONAL_FAMILIES = _names(lambda family: family.directional)
FAMILIES_OF_BINS = _names(lambda family: family.of_bins)
FAMILIES_THAT_NEED_CONTRAST = _names(lambda family: family.needs_contrast)
RESPONSE_FAMILIES = _names(lambda family: family.in_responses)
MAPPED_FAMILIES = _names(lambda family: family.mapped)

#: Printed name by family.
LABELS = {family.name: family.label for family in DECLARED}

if TYPE_CHECKING:
    Family = str
else:
    #: A family in a configuration: one of the declared names.
    Family = Literal[FAMILIES]
