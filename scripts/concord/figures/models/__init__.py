"""Figures on models: tuning, treatment, competing risks, validation.

- `declarations`: figures of endpoints, in the order of the report; part of the
  catalogue
- `treatment_effect`: effect of a treatment over each marker that may change it
- `tuning_path`: deviance along the penalty in inner folds, and what was chosen
"""
