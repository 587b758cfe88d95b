"""Conditions under which the value of a feature means what its name says."""

from collections.abc import Iterator

from ..families import FAMILIES_THAT_NEED_CONTRAST, TEXTURE_FAMILIES
from ..ibsi import Feature
from ..recipe.recipe import Recipe

#: What differs from other software.
_PERCENTILE = "percentiles are nearest ranks, not interpolated"
_WIDTH = (
    "counted in whole bins; software that adds up a bin width without exact binary "
    "form misses single ones"
)
_OF_PERCENTILES = frozenset(
    {
        "percentile_10",
        "percentile_90",
        "interquartile_range",
        "quartile_coefficient_of_dispersion",
        "robust_mean_absolute_deviation",
    }
)


def conditions(feature: Feature, recipe: Recipe) -> str:
    """The conditions of one feature under a recipe, as one line of text."""
    return "; ".join(_conditions(feature, recipe))


def _conditions(feature: Feature, recipe: Recipe) -> Iterator[str]:
    yield f"{recipe.modality} images in {recipe.voxel_unit}"
    yield f"at least {recipe.least_voxels(feature.family)} voxels"
    if feature.family in FAMILIES_THAT_NEED_CONTRAST:
        yield "more than one grey level"
    if feature.family in TEXTURE_FAMILIES and not recipe.isotropic:
        yield "comparable between images of equal voxel spacing only"
    if feature.family != "morphology" and not recipe.calibrated:
        yield "comparable between scanners only as far as the normalization holds"
    yield from _departures(feature, recipe)


def _departures(feature: Feature, recipe: Recipe) -> Iterator[str]:
    """Differences from the values of other software."""
    ranked = feature.family in ("statistics", "histogram")
    if ranked and feature.feature in _OF_PERCENTILES:
        yield _PERCENTILE
    fixed_size = feature.family == "ivh" and recipe.ivh.method == "FBS"
    if fixed_size and (recipe.ivh.width or 1) * 1024 % 1:
        yield _WIDTH
