"""Features of one segmentation by one recipe: values, and why some have none."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..engines.pictologics import Measurements, measure
from ..errors import UnusableRegion
from ..families import FAMILIES_THAT_NEED_CONTRAST
from ..ibsi import by_column, renamed
from ..preparation.prepared import Prepared, prepared
from ..preparation.resegmentation import Region
from ..preparation.scan import Segmentation
from ..recipe.recipe import Recipe
from .cache import Outcome

#: Features that divide by the mean intensity of the region.
_PER_MEAN = (
    "original.statistics.coefficient_of_variation",
    "original.morphology.centre_of_mass_shift",
)

Engine = Callable[[Region, Recipe], Measurements]


def region_features(
    segmentation: Segmentation, recipe: Recipe, engine: Engine = measure
) -> Outcome:
    """All values of a recipe for a segmentation, or why it has none.

    Parameters
    ----------
    segmentation : Segmentation
        Mask and image.
    recipe : Recipe
        How to measure.
    engine : callable
        Measures a prepared region.
    """
    values: dict[str, float] = {}
    undefined: dict[str, str] = {}
    try:
        for one in prepared(segmentation, recipe):
            part = _of_source(one, engine)
            values |= {renamed(c, one.source): v for c, v in part.values.items()}
            undefined |= {renamed(c, one.source): v for c, v in part.undefined.items()}
    except UnusableRegion as error:
        return Outcome(exclusion=(error.code, str(error)))
    if recipe.normalization.sets_the_mean:
        lost = [column for column in _PER_MEAN if column in values]
        values |= dict.fromkeys(lost, np.nan)
        undefined |= dict.fromkeys(lost, "divides by the mean, which is made 0")
    return Outcome(values, undefined)


def unmeasured(region: Region, recipe: Recipe) -> dict[str, str]:
    """Families of a recipe that say nothing in a region, and the reason of each."""
    reasons = {}
    if _n_occupied(region) == 1:
        contrast = set(recipe.families) & set(FAMILIES_THAT_NEED_CONTRAST)
        reason = "all voxels are in one bin: there is no contrast"
        reasons = dict.fromkeys(sorted(contrast), reason)
    return reasons | _too_small(region, recipe)


def with_reasons(region: Region, recipe: Recipe, engine: Engine) -> Outcome:
    """Values of a prepared region, with a reason for each that is undefined.

    Families that say nothing in the region are not computed.
    """
    skipped = unmeasured(region, recipe)
    families = tuple(name for name in recipe.families if name not in skipped)
    found = engine(region, replace(recipe, families=families))
    undefined = {}
    for column, value in found.values.items():
        if column in found.lacking:
            undefined[column] = "the engine of this recipe does not compute it"
        elif np.isnan(value):
            failure = found.failures.get(by_column()[column].family)
            reason = failure or found.left_out.get(column)
            undefined[column] = reason or _general_reason(region)
    none = _undefined(recipe, skipped)
    return Outcome(found.values | none.values, undefined | none.undefined)


def _of_source(one: Prepared, engine: Engine) -> Outcome:
    """Values in one image; all undefined if it cannot be measured there."""
    if isinstance(one.region, UnusableRegion):
        reason = f"{one.region.code}: {one.region}"
        return _undefined(one.recipe, dict.fromkeys(one.recipe.families, reason))
    return with_reasons(one.region, one.recipe, engine)


def _undefined(recipe: Recipe, reasons: dict[str, str]) -> Outcome:
    """All features of some families as undefined."""
    features = recipe.features(tuple(reasons))
    return Outcome(
        {feature.column: np.nan for feature in features},
        {feature.column: reasons[feature.family] for feature in features},
    )


def _too_small(region: Region, recipe: Recipe) -> dict[str, str]:
    """Families that need more voxels than the region has, and the reason."""
    count = np.count_nonzero(region.intensity_mask)
    return {
        family: f"{count} voxels in the intensity mask, {family} needs at least "
        f"{least} (min_voxels_of)"
        for family, least in recipe.min_voxels_of
        if count < least and family in recipe.families
    }


def _n_occupied(region: Region) -> int:
    return np.unique(region.levels[region.intensity_mask]).size


def _general_reason(region: Region) -> str:
    places = np.nonzero(region.mask)
    extent = " x ".join(str(int(np.ptp(axis)) + 1) for axis in places[::-1])
    return (
        f"not defined for this region of {places[0].size} voxels (x, y, z: {extent}) "
        f"and {_n_occupied(region)} grey levels"
    )
