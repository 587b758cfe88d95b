"""Features of the regions of an image, as defined by the IBSI.

Along the way of a value: `settings`, `recipe`, `preparation`, `engines`, `extraction`,
`dictionary`; `filters` are the response maps of a recipe, `repeats` the measurements of
one scan under other conditions, `maps` the values around every voxel. At the bottom
stand `families`, `ibsi` (features and names of columns) and `errors`.

- `errors`: errors of a region that cannot be measured, and their texts in tables
- `families`: feature families, each declared once, in the order of the IBSI manual
- `feature_name`: full name of a feature: image, region, and column of the feature
  matrix
- `ibsi`: names, codes, units and meanings of the features, from one shipped table
- `dictionary/`: meaning of every feature column: measurand, unit, conditions, foreign
  names
- `engines/`: feature engines, their set-up, and the IBSI phantom that they are checked
  on
- `extraction/`: features of a chunk: segmentations, cached values of each recipe,
  feature matrix
- `filters/`: response maps of the IBSI 2 image filters; `resolve`, then `responses`
- `foreign_settings/`: settings of pyradiomics and MIRP, read into recipes
- `maps/`: maps of a feature over the voxels of a region, as NIfTI and as pictures
- `preparation/`: from a scan and its segmentations to the regions that an engine
  measures
- `recipe/`: recipes as values: resolved from their section, hashed, in words, as
  columns
- `repeats/`: measurements of one scan under other conditions: perturbed, on other
  grids, in other bins
- `settings/`: sections of the configuration on features, and settings of each rule
  (`rules`)
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "errors": ["UnusableRegion"],
        "families": [
            "DIRECTIONAL_FAMILIES",
            "FAMILIES",
            "FAMILIES_OF_BINS",
            "FAMILIES_THAT_NEED_CONTRAST",
            "LABELS",
            "MAPPED_FAMILIES",
            "RESPONSE_FAMILIES",
            "TEXTURE_FAMILIES",
        ],
        "feature_name": [
            "FeatureName",
            "image_of",
            "of_image",
            "of_main_recipe",
            "prefix",
        ],
        "ibsi": [
            "Feature",
            "MERGED_3D",
            "ORIGINAL",
            "RECIPE_SIGN",
            "REGION_MINIMUM",
            "by_column",
            "by_engine_name",
            "of_families",
            "table_digest",
        ],
    },
)
