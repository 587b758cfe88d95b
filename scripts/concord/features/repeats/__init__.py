"""Measurements of one scan under other conditions: perturbed, on other grids, in other
bins.

- `contour_randomization`: contour redrawn at random along the supervoxels of the image
- `noise`: the noise of an image: how much there is, and more of it
- `perturbation`: small, repeatable changes of an image and its region: does a feature
  survive?
- `variants`: features of one scan measured again: disturbed, on other grids, with other
  bins
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "variants": ["Scope", "in_scope", "measure_variants"],
    },
)
