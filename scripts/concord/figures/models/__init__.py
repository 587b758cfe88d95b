"""Figures on models: tuning, treatment, competing risks, validation.

- `at_risk`: numbers at risk below curves of risk groups, their looks, and the time axis
- `competing_effects`: effects on the hazard of each cause against those on its
  incidence
- `cumulative_incidence`: cumulative incidence of competing causes in the predicted risk
  groups
- `declarations`: figures of endpoints, in the order of the report; part of the
  catalogue
- `group_forest`: the headline arm in each group left out, pooled with random effects
- `treatment_effect`: effect of a treatment over each marker that may change it
- `tuning_path`: deviance along the penalty in inner folds, and what was chosen
"""
