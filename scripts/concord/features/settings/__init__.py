"""Sections of the configuration on features, and settings of each rule (`rules`).

- `crosscheck`: the section of the configuration on the second feature engine
- `feature_maps`: the section `feature_maps`: where in a region a feature has which
  value
- `filters`: the sections `filters.<name>` of a recipe: images that features also come
  from
- `inheritance`: all recipes of a study: what each takes from elsewhere, and what cannot
  be
- `normalization`: the section `normalization` of a recipe: intensities on a common
  scale
- `perturbations`: the section `perturbations`: how scans are disturbed to test the
  features
- `presets`: ready settings of recipes, each with the source that it follows
- `recipe`: the sections `recipes.<name>`: how features are computed
- `regions`: the section `regions`: regions made of others by distances in mm
- `rules`: settings of the rules that measure features, each composed from the study
- `variants`: the section `variants`: one scan measured again under other conditions
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "crosscheck": ["CrosscheckSection"],
        "feature_maps": ["FeatureMapsSection", "ImageMaps"],
        "filters": ["FilterSection"],
        "inheritance": ["complete", "known_names", "recipe_faults", "target_faults"],
        "normalization": ["NormalizationSection"],
        "perturbations": ["PerturbationSection"],
        "presets": ["PRESETS"],
        "recipe": ["CompleteRecipe", "RecipeSection"],
        "regions": ["RegionSection", "region_faults"],
        "rules": [
            "CrossCheckFeatures",
            "ExtractAggregated",
            "ExtractFeatures",
            "FeatureTable",
            "MapFeatures",
            "MeasureVariants",
            "PrimeEngine",
            "ScopedSettings",
        ],
        "variants": ["ImageVariants", "VariantsSection"],
    },
)
