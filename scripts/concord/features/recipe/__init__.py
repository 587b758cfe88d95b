"""Recipes as values: resolved from their section, hashed, in words, as columns.

- `columns`: columns of the feature matrix that the recipes of a study give
- `normalization`: normalization of the intensities of a scan, as a value
- `recipe`: a recipe: one complete way to compute features, with nothing left open
- `resolve`: from the section of a recipe to the recipe, with nothing left open
- `wording`: a recipe in words: the methods of the paper, the software, and what does
  not suit
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "columns": ["RecipeColumns", "of_image", "of_study"],
        "normalization": ["Normalization"],
        "recipe": ["Histogram", "IVH_BINS", "Recipe", "SOFTWARE"],
        "wording": ["describe", "software", "warnings"],
    },
)
