"""Figures on models: tuning, treatment, competing risks, validation.

- `declarations`: figures of endpoints, in the order of the report; part of the
  catalogue
- `group_forest`: the headline arm in each group left out, pooled with random effects
- `tuning_path`: deviance along the penalty in inner folds, and what was chosen
"""
