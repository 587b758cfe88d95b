"""Figures of the evaluation.

- `declarations`: figures of the evaluation, in the order of the report; part of the
  catalogue
- `time_dependent_effect`: effect of the scores over time, where hazards need not be
  proportional
"""
