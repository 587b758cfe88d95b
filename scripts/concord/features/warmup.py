"""Make the engine compile what real regions need, before many jobs do it at once."""

from dataclasses import replace

import numpy as np

from .engine import measure
from .preparation import prepare
from .recipe import Histogram, Recipe

#: Radii in voxels of two balls; the engine has other code for large regions.
RADII = (8, 45)


def compile_engine(recipe: Recipe) -> None:
    """Measure two textured balls with each kind of binning; the values are not used."""
    fixed_number = Histogram("FBN", n_bins=32)
    fixed_size = Histogram("FBS", width=10.0, start=-50.0)
    for radius in RADII:
        image, mask = textured_ball(radius)
        for bins, ivh in (
            (fixed_size, Histogram("steps", width=1.0)),
            (fixed_size, fixed_size),
            (fixed_number, Histogram("FBN", n_bins=1000)),
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
