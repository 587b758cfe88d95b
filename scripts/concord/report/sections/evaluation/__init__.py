"""Sections on the evaluation.

- `calibration`: section on probabilities of one endpoint: calibration, by site, and
  squared error
- `calibration_tables`: tables of calibration and squared error of one endpoint
- `calibration_values`: words for values of calibration: with interval, at a horizon, or
  undefined
"""
