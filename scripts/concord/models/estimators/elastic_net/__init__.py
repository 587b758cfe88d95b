"""Elastic net: penalized likelihoods whose optimum is confirmed by its conditions.

- `likelihoods`: the logistic likelihood as a function of the linear predictor of each
  row
- `path`: elastic net at many penalties: Newton's method on the columns that may matter
- `quadratic`: minimum of a quadratic function with weighted absolute values added
"""
