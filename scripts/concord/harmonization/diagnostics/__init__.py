"""Diagnostics of batch effects, before and after harmonization.

- `associations`: associations of features with covariates and outcomes, and their
  repeatability
- `batch_prediction`: batch prediction: AUC of telling a subject's batch from its
  features
- `batch_tests`: tests of location and spread between batches, feature by feature
- `components`: principal components of held-out rows, raw and harmonized
- `confounding`: association of outcome and group, with its error, its size and what it
  predicts
- `duplicate_columns`: columns that say the same as another one: copies, also negated or
  in other units
- `fold_estimates`: batch estimates of ComBat over the folds, and their priors
- `giveaways`: features and covariates that alone nearly are an outcome
- `group_alone`: discrimination of an outcome by the group alone, over the folds of the
  study
- `held_out`: rows that a harmonizer never saw, raw and harmonized: what it is judged by
- `levels`: factors and covariates of a cohort as levels
- `nesting`: nesting: factors and covariates that cannot be told from the group, by
  degrees
- `permuted_batches`: the null of a diagnostic of batch effects: the same with permuted
  batch labels
- `site_effect`: batch effects on features, raw and on held-out harmonized rows, beside
  their null
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
