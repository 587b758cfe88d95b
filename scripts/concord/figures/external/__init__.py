"""Figures of frozen models at another hospital.

- `declarations`: figures of external validation, in the order of the report; part of
  the catalogue
- `expected_observed`: discrimination that was expected of frozen models, and that was
  found
- `score_shift`: scores of external subjects over the percentiles of development
"""
