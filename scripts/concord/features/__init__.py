"""Features of a region of an image, as defined by the IBSI.

- `errors`: errors of a region that cannot be measured, and how tables tell of them
- `families`: feature families, each declared once, in the order of the IBSI manual
- `ibsi`: names, codes, units and meanings of the features, from one shipped table
- `dictionary/`: dictionary of features: what each column measures, and in which unit
- `engines/`: engines that compute features, behind one interface
- `extraction/`: extraction of features: from images and masks to a feature matrix
- `filters/`: response maps of the IBSI 2 image filters; `resolve`, then `responses`
- `maps/`: maps of features for figures
- `preparation/`: image and region as an engine takes them: grid, intensities, bins,
  filters
- `recipe/`: recipes: complete ways to compute features, resolved, named and worded
- `repeats/`: one scan measured again under other conditions
- `settings/`: sections of the configuration that say how features are computed
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
