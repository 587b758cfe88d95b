"""Recipes: complete ways to compute features, resolved, named and worded.

- `columns`: the recipes of a study for one image: what they are called and are for
- `normalization`: how the intensities of a scan come on a common scale, as a value
- `recipe`: a recipe: one complete way to compute features, with nothing left open
- `wording`: a recipe in words: the methods of the paper, the software, and what does
  not suit
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "columns": ["all_plans", "of_first_engine", "of_second_engine"],
        "normalization": ["Normalization"],
        "recipe": ["Histogram", "Recipe", "SOFTWARE"],
        "wording": ["describe", "software", "warnings"],
    },
)
