"""Steps before the model; fitted to development rows, each with its estimates.

- `base`: base of the steps before the model, which their estimates can rebuild
- `correlation`: filter of correlated features, which no outcome decides about
- `declared`: steps of an arm in their declared order; harmonizers stand behind the
  first ones
- `imputation`: imputation of missing values, and removal of constant columns
- `indicators`: numbers that a model can take: features, covariates and indicators of
  groups
- `minimum_redundancy`: selection of features that tell of the outcome and not the same
  as each other
- `missing_share`: filter of features that many development subjects lack
- `published_functions`: functions of one predictor that publications state, by name
- `published_transform`: transforms of single predictors as a publication states them;
  nothing is learnt
- `scaling`: centring and scaling by development rows
- `score_columns`: columns of a published score, in their own units, without a gap
- `stability_filter`: filter by stability in the development subjects
- `stability_selection`: selection of features that elastic nets of half samples keep
  choosing
- `transforms`: transforms of single features: logarithm, and normal scores of ranks
- `univariate`: selection of features by their own relation to the outcome
"""
