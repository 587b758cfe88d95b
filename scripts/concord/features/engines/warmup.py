"""Make the engine compile what real regions need, before many jobs do it at once."""

from dataclasses import replace

import numpy as np

from ..preparation.prepared import prepare
from ..recipe.recipe import IVH_BINS, Histogram, Recipe
from .pictologics import measure

#: Radius of the ball in voxels. The code for much larger regions compiles when the
#: first one is met, in a few seconds.
RADIUS = 8


def compile_engine(recipe: Recipe) -> None:
    """Measure a textured ball with each kind of binning; the values are not used."""
    fixed_number = Histogram("FBN", n_bins=32)
    fixed_size = Histogram("FBS", width=10.0, start=-50.0)
    image, mask = textured_ball(RADIUS)
    for bins, ivh in (
        (fixed_size, Histogram("steps", width=1.0)),
        (fixed_size, fixed_size),
        (fixed_number, Histogram("FBN", n_bins=IVH_BINS)),
    ):
        ball = replace(
            recipe,
            discretization=bins,
            ivh=ivh,
            round_intensities=ivh.method == "steps",
            intensity_range=(-50.0, 60.0),
        )
        measure(prepare(image, mask, (1.0, 1.0, 1.0), ball), ball)


def textured_ball(radius: int) -> tuple[np.ndarray, np.ndarray]:
    """A smooth pattern between -70 and 70, and a ball in it, on a 1 mm grid."""
    side = 2 * radius + 20
    k, j, i = np.indices((side, side, side)) - side // 2
    image = 40 * np.sin(0.9 * k + 0.5 * j) + 30 * np.cos(0.7 * i)
    return image, k**2 + j**2 + i**2 <= radius**2
