"""Figures of the evaluation.

- `declarations`: figures of the evaluation, in the order of the report; part of the
  catalogue
- `specification_curve`: every analysis at once, sorted by its value, and what each
  chooses
"""
