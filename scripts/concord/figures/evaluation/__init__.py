"""Figures of the evaluation.

- `calibration`: calibration of the headline arm, over all subjects and by group
- `declarations`: figures of the evaluation, in the order of the report; part of the
  catalogue
"""
