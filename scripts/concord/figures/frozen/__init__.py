"""Figures of frozen models.

- `nomogram`: nomogram: points of each predictor, their total, and the risk that it
  stands for
"""
