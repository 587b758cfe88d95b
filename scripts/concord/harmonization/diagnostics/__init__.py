"""Diagnostics of batch effects, before and after harmonization.

- `associations`: associations of features with covariates and outcomes, and their
  repeatability
- `batch_prediction`: how well the batch of a subject can be told from its features
- `batch_tests`: whether batches differ in a feature: location, spread, and how many
  features do
- `components`: principal components of held-out rows, raw and harmonized
- `confounding`: whether outcome and group are entangled before any model sees them
- `fold_estimates`: what ComBat learns of each batch, fold by fold, and the priors it
  shrinks towards
- `held_out`: rows that a harmonizer never saw, raw and harmonized: what it is judged by
- `nesting`: what else the groups differ in: factors that cannot be told from the group
- `site_effect`: what batches do to features, before and after harmonization of held-out
  rows
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "batch_tests": ["rejections"],
        "components": ["principal_components"],
        "held_out": ["ImageRows", "by_image"],
    },
)
