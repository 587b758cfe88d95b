"""Conditions under which the value of a feature means what its name says."""

from collections.abc import Iterator

from ..families import FAMILIES_THAT_NEED_CONTRAST, TEXTURE_FAMILIES
from ..ibsi import Feature
from ..recipe.recipe import Recipe

#: What the engine does where the IBSI leaves a choice, or differs from it.
_DEPARTURES = {
    "percentile": "percentiles are nearest ranks, not interpolated",
    "levels": "grey levels count from the lowest occupied bin, so values differ from "
    "software that counts from the first bin",
}
_OF_PERCENTILES = frozenset(
    {
        "percentile_10",
        "percentile_90",
        "interquartile_range",
        "quartile_coefficient_of_dispersion",
        "robust_mean_absolute_deviation",
    }
)
_OF_LEVELS = frozenset(
    {"normalised_inverse_difference", "normalised_inverse_difference_moment"}
)


def conditions(feature: Feature, recipe: Recipe) -> str:
    """The conditions of one feature under a recipe, as one line of text."""
    return "; ".join(_conditions(feature, recipe))


def departure(feature: Feature) -> str:
    """Departure of the engine's value from that of others; empty if there is none."""
    if feature.family in ("statistics", "histogram"):
        return _DEPARTURES["percentile"] if feature.feature in _OF_PERCENTILES else ""
    if feature.family == "glcm" and feature.feature in _OF_LEVELS:
        return _DEPARTURES["levels"]
    return ""


def _conditions(feature: Feature, recipe: Recipe) -> Iterator[str]:
    yield f"{recipe.modality} images in {recipe.voxel_unit}"
    yield f"at least {recipe.least_voxels(feature.family)} voxels"
    if feature.family in FAMILIES_THAT_NEED_CONTRAST:
        yield "more than one grey level"
    if feature.family in TEXTURE_FAMILIES and not recipe.isotropic:
        yield "comparable between images of equal voxel spacing only"
    if feature.family != "morphology" and not recipe.calibrated:
        yield "comparable between scanners only as far as the normalization holds"
    if departure(feature):
        yield departure(feature)
