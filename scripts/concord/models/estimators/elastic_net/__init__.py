"""Elastic net: penalized likelihoods whose optimum is confirmed by its conditions.

- `likelihoods`: likelihoods as functions of the linear predictor of each row
- `newton`: Newton's method on the columns that are not 0, or that violate the
  conditions
- `path`: elastic net at many penalties: each solution is found from those before
- `problem`: elastic net as a problem: likelihood, columns, and the conditions of its
  optimum
- `quadratic`: minimum of a quadratic function with weighted absolute values added
- `wide_ridge`: a ridge of more columns than rows: in as many coordinates as rows
"""
