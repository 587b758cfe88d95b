"""Calibration: do predicted probabilities agree with what is observed?

- `x`: x
"""
