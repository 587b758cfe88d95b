"""Compilation of what the recipes of a study need, before many jobs do it at once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..families import Family
from ..filters.base import Filter
from ..preparation.prepared import prepare
from ..preparation.resegmentation import Region
from ..preparation.responses import filtered_region, responses
from ..recipe.recipe import IVH_BINS, Histogram, Recipe
from .pictologics import measure

_OPEN, _LIMITED = (None, None), (-50.0, 60.0)
_FEW, _MANY = Histogram("FBN", n_bins=32), Histogram("FBN", n_bins=1024)
_STEPS = Histogram("steps", width=1.0)
_SIZES = Histogram("FBS", width=10.0, start=-50.0)
_NUMBER = Histogram("FBN", n_bins=IVH_BINS)

#: Radius of a ball in voxels, its bins, those of the intensity-volume histogram, and
#: the intensity range. The engine has other code for other sizes of regions, for many
#: bins, and for a region without gaps; each of these meets some that no other does.
BALLS = (
    (3, _FEW, _NUMBER, _LIMITED),
    (8, _FEW, _STEPS, _LIMITED),
    (8, _FEW, _SIZES, _OPEN),
    (8, _MANY, _NUMBER, _LIMITED),
    (14, _FEW, _NUMBER, _LIMITED),
    (14, _FEW, _STEPS, _LIMITED),
    (30, _FEW, _NUMBER, _OPEN),
    (60, _FEW, _STEPS, _LIMITED),
)

#: Radii of the balls that are filtered and measured.
FILTERED_RADII = (8, 30)

#: Radius of the ball whose image is large for the filters too; one of each kind tells.
LARGE_RADIUS = 56


def compile_engine(
    recipe: Recipe,
    families: Sequence[Family],
    filters: Sequence[Filter] = (),
    response_families: Sequence[Family] = (),
) -> None:
    """Measure and filter textured balls; the values are not used.

    Parameters
    ----------
    recipe : Recipe
        What is neither resampled nor binned, such as the recipe of the phantom.
    families : sequence of str
        Families that are measured in images.
    filters : sequence of Filter
        Response maps that are made.
    response_families : sequence of str
        Families that are measured in them.
    """
    own = replace(
        recipe,
        families=tuple(families),
        max_voxels=10_000_000,
        spatial_autocorrelation=False,  # is not compiled
    )
    for radius, bins, ivh, intensity_range in BALLS:
        ball = replace(
            own,
            discretization=bins,
            ivh=ivh,
            round_intensities=ivh.method == "steps",
            intensity_range=intensity_range,
        )
        measure(_region(radius, ball), ball)
    response = replace(own, families=tuple(response_families), discretization=_FEW)
    for radius in FILTERED_RADII if filters else ():
        region = _region(radius, replace(own, discretization=_FEW))
        for _, image in responses(region.image, region.spacing_mm, filters):
            measure(filtered_region(region, image, n_bins=32), response)
    each = {one.kind: one for one in filters}.values()
    image, _ = textured_ball(LARGE_RADIUS)
    for _ in responses(image, (1.0, 1.0, 1.0), each):
        pass


def _region(radius: int, recipe: Recipe) -> Region:
    image, mask = textured_ball(radius)
    return prepare(image, mask, (1.0, 1.0, 1.0), recipe)


def textured_ball(radius: int) -> tuple[np.ndarray, np.ndarray]:
    """A smooth pattern between -70 and 70, and a ball in it, on a 1 mm grid."""
    side = 2 * radius + 20
    k, j, i = (axis - side // 2 for axis in np.ogrid[:side, :side, :side])
    image = 40 * np.sin(0.9 * k + 0.5 * j) + 30 * np.cos(0.7 * i)
    return image, k**2 + j**2 + i**2 <= radius**2
