"""From a scan and its segmentations to the regions that an engine measures.

`prepared` is the one path; `scan`, `normalization`, `controls`, `grid`,
`resegmentation`, `discretization` and `responses` are its steps in this order, and
`regions` makes regions of others.

- `controls`: negative controls: regions whose content is destroyed on purpose
- `discretization`: intensities as bins of fixed size or of a fixed number
- `grid`: image and segmentation on the grid of a recipe, in a box around the region
- `interpolation`: resampling a volume axis by axis, each new plane from the four
  nearest old ones
- `margins`: reach of response maps around a region
- `normalization`: intensities on a common scale, scan by scan, before resampling
- `prepared`: the one path from a segmentation to the regions that an engine measures
- `regions`: regions made of other regions by distances in mm: rims, cores and shells
- `resegmentation`: region ready to be measured: range and outliers left out,
  intensities in bins
- `responses`: response maps of an image, and the regions that are measured in them
- `scan`: a scan and its segmentations, brought to each grid once for all recipes
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "discretization": ["discretized"],
        "grid": ["Grid", "PEAK_RADIUS_MM", "SPLINE_MARGIN", "Slices", "tight_box"],
        "prepared": ["Prepared", "original_region"],
        "regions": ["Regions", "Spacing", "signed_distance_mm", "surroundings"],
        "resegmentation": ["Region"],
        "scan": ["Scan", "Segmentation"],
    },
)
