"""One region measured by one recipe: values, and why some have none."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ... import images as volumes
from ..engines.pictologics import Measurements, measure
from ..errors import UnusableRegion
from ..ibsi import TEXTURE_FAMILIES, by_column, of_families, renamed
from ..preparation.controls import control_random, replaced_by_noise, shuffled_region
from ..preparation.normalization import normalize
from ..preparation.preparation import Region, Resampled, resampled, segmented
from ..preparation.regions import surroundings
from ..preparation.responses import filtered_region, responses
from ..recipe.normalization import Normalization
from ..recipe.recipe import Recipe
from . import cache

#: Noise reaches so far beyond the region that no recipe reads what lies behind.
NOISE_MARGIN_MM = 60.0

#: Features that divide by the mean intensity of the region.
_PER_MEAN = (
    "original.statistics.coefficient_of_variation",
    "original.morphology.centre_of_mass_shift",
)

#: Families that say nothing if all voxels are in one bin.
_NEED_CONTRAST = ("ivh", *TEXTURE_FAMILIES)


Engine = Callable[[Region, Recipe], Measurements]


class Subject:
    """An image and an outline, brought to each grid once for all recipes.

    Parameters
    ----------
    volume : Volume
        The image.
    mask : ndarray of bool, shape of the image
        The region.
    corrected : dict, optional
        Images without their bias field, by the settings that made them; shared by all
        outlines of an image.
    seed : int, default=0
        Seed of the study; with `names` the start of all random numbers.
    names : tuple of str
        Subject, session, image, region and reader.
    """

    def __init__(
        self,
        volume: volumes.Volume,
        mask: np.ndarray,
        corrected: dict[object, np.ndarray] | None = None,
        seed: int = 0,
        names: tuple[str, ...] = (),
    ) -> None:
        self.volume, self.mask = volume, mask
        self.seed, self.names = seed, names
        self._corrected = {} if corrected is None else corrected
        self._known: dict[object, Resampled | UnusableRegion] = {}

    def on_grid(self, recipe: Recipe, reference: np.ndarray | None = None) -> Resampled:
        """Image and region on the grid of a recipe; UnusableRegion if it cannot be.

        `reference` is the mask that sets the scale, if the recipe asks for one.
        """
        if recipe.grid not in self._known:
            try:
                image = self._normalized(recipe.normalization, reference)
                if recipe.control == "noise":
                    image = self._noise(image, recipe)
                self._known[recipe.grid] = resampled(
                    image, self.mask, self.volume.spacing_mm, recipe
                )
            except UnusableRegion as error:
                self._known[recipe.grid] = error
        found = self._known[recipe.grid]
        if isinstance(found, UnusableRegion):
            raise found
        return found

    def random(self, recipe: Recipe) -> np.random.Generator:
        """The random numbers of a negative control."""
        return control_random(self.seed, self.names, recipe.control)

    def _noise(self, image: np.ndarray, recipe: Recipe) -> np.ndarray:
        """The image with noise in and around the region."""
        box = surroundings(self.mask, self.volume.spacing_mm, NOISE_MARGIN_MM)
        changed = image.astype(np.result_type(image.dtype, np.float32))
        changed[box] = replaced_by_noise(
            image[box],
            self.mask[box],
            self.random(recipe),
            mean=recipe.noise_mean,
            sd=recipe.noise_sd,
            everywhere=True,
        )
        return changed

    def _normalized(
        self, wanted: Normalization, reference: np.ndarray | None
    ) -> np.ndarray:
        """The image on the scale of a recipe."""
        image, spacing_mm = self.volume.array, self.volume.spacing_mm
        if not wanted.changes:
            return image
        settings = wanted.settings()
        if wanted.bias_field != "none":
            alone = replace(wanted, method="none", scale_from="region")
            if alone not in self._corrected:
                self._corrected[alone] = normalize(
                    image, self.mask, spacing_mm, alone.settings()
                )
            image, settings["bias_field"] = self._corrected[alone], "none"
        return normalize(image, self.mask, spacing_mm, settings, reference=reference)


def measured(
    subject: Subject,
    recipe: Recipe,
    reference: np.ndarray | None = None,
    engine: Engine = measure,
) -> cache.Outcome:
    """All values of a recipe, or why the region has none.

    Parameters
    ----------
    subject : Subject
        Image and region.
    recipe : Recipe
        How to measure.
    reference : ndarray of bool, optional
        The mask that sets the scale, if the recipe asks for one.
    engine : callable
        Measures a prepared region.
    """
    try:
        whole = subject.on_grid(recipe, reference)
        box = whole.box()
        region = segmented(whole.cut(box), recipe)
    except UnusableRegion as error:
        return cache.Outcome(exclusion=(error.code, str(error)))
    if recipe.control == "shuffled":
        region = shuffled_region(region, subject.random(recipe))
    outcome = _described(region, recipe, engine)
    values, undefined = dict(outcome.values), dict(outcome.undefined)
    if recipe.normalization.sets_the_mean:
        lost = [column for column in _PER_MEAN if column in values]
        values |= dict.fromkeys(lost, np.nan)
        undefined |= dict.fromkeys(lost, "divides by the mean, which is made 0")
    for name, response in responses(whole.image, whole.spacing_mm, recipe.filters):
        part = _of_response(region, response[box], recipe, engine)
        values |= {renamed(column, name): v for column, v in part.values.items()}
        undefined |= {renamed(column, name): v for column, v in part.undefined.items()}
    return cache.Outcome(values, undefined)


def _of_response(
    region: Region, response: np.ndarray, recipe: Recipe, engine: Engine
) -> cache.Outcome:
    """Values of one response map; all undefined if it cannot be measured."""
    known = recipe.of_response()
    try:
        part = filtered_region(region, response, n_bins=recipe.response_bins)
    except UnusableRegion as error:
        columns = [feature.column for feature in of_families(known.families)]
        reasons = dict.fromkeys(columns, f"{error.code}: {error}")
        return cache.Outcome(dict.fromkeys(columns, np.nan), reasons)
    return _described(part, known, engine)


def _described(region: Region, recipe: Recipe, engine: Engine) -> cache.Outcome:
    """Values of a region; families that it is too small for are not computed."""
    reasons = dict(_too_small(region, recipe))
    families = tuple(name for name in recipe.families if name not in reasons)
    found = described(region, engine(region, replace(recipe, families=families)))
    skipped = of_families(tuple(reasons))
    values = found.values | {feature.column: np.nan for feature in skipped}
    undefined = found.undefined | {f.column: reasons[f.family] for f in skipped}
    return cache.Outcome(values, undefined)


def described(region: Region, measurements: Measurements) -> cache.Outcome:
    """Values of a region, with a reason for each that is undefined."""
    values, undefined = dict(measurements.values), {}
    occupied = np.unique(region.levels[region.intensity_mask]).size
    general = _general_reason(region, occupied)
    for column in values:
        family = by_column()[column].family
        if occupied == 1 and family in _NEED_CONTRAST:
            values[column] = np.nan
            undefined[column] = "all voxels are in one bin: there is no contrast"
        elif column in measurements.lacking:
            undefined[column] = "the engine of this recipe does not compute it"
        elif np.isnan(values[column]):
            undefined[column] = measurements.failures.get(family, general)
    return cache.Outcome(values, undefined)


def _too_small(region: Region, recipe: Recipe) -> list[tuple[str, str]]:
    """Families that need more voxels than the region has, and the reason."""
    count = np.count_nonzero(region.intensity_mask)
    return [
        (
            family,
            f"{count} voxels in the intensity mask, {family} needs at least {least} "
            "(min_voxels_of)",
        )
        for family, least in recipe.min_voxels_of
        if count < least and family in recipe.families
    ]


def _general_reason(region: Region, occupied: int) -> str:
    places = np.nonzero(region.mask)
    extent = " x ".join(str(int(np.ptp(axis)) + 1) for axis in places[::-1])
    return (
        f"not defined for this region of {places[0].size} voxels (x, y, z: {extent}) "
        f"and {occupied} grey levels"
    )
