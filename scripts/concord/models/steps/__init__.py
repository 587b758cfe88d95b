"""Steps before the model; fitted to development rows, each with its estimates.

- `base`: base of the steps before the model, which their estimates can rebuild
- `correlation`: filter of correlated features, which no outcome decides about
- `imputation`: imputation of missing values, and removal of constant columns
- `indicators`: numbers that a model can take: features, covariates and indicators of
  groups
- `scaling`: centring and scaling by development rows
- `score_columns`: columns of a published score, in their own units, without a gap
- `stability_filter`: filter by stability in the development subjects
- `univariate`: selection of features by their own relation to the outcome
"""
