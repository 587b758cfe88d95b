"""Geometry of a volume: slices, grid, volumes of a series, resampling.

- `consistency`: acquisition attributes that must be constant within a volume
- `grid`: the regular voxel grid of a series, from the geometry of its slices
- `lattice`: a lattice of voxels without their values
- `mosaic`: siemens mosaics: where the slices tiled into one picture lie
- `orientation`: geometry that the slices of a series share: position, orientation,
  spacing, size
- `regrid`: interpolation of slices onto a rectangular grid: tilted gantries, uneven
  spacing
- `same_grid`: grids that are the same but for rounding: how far apart they lie, in
  voxels
- `volume_tags`: the tags that tell the volumes of a 4D series apart, standard and of
  vendors
- `volumes`: the volumes of a 4D series: time points, b-values, echoes and the like, by
  name
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "consistency": ["mixture_faults"],
        "grid": ["examined", "regular_grid"],
        "lattice": ["Lattice"],
        "mosaic": ["mosaic_lattice"],
        "regrid": ["rectangular"],
        "volumes": ["Part", "choose_part"],
    },
)
