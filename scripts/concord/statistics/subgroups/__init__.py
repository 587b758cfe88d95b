"""Subgroups: recalibration of predictions, and tests of how far values differ.

- `heterogeneity`: test of values of several groups whose variances are estimated:
  Welch's
- `pseudo_values`: pseudo-values: outcomes by a horizon that stand for those of censored
  subjects
- `recalibration`: recalibration of predictions: intercept and slope, and how far each
  row moves them
"""
