"""Sections on models: tuning, fusion, treatment, competing risks, validation.

- `competing`: causes that compete: incidence, effects on hazard and incidence, tests of
  groups
- `event_counts`: events of each group and stratum, and who is censored before a horizon
- `fusion`: section on late fusion: weights of members, who lacks one, and what fusing
  gains
- `required_size`: subjects that arms need by the criteria of Riley et al., beside those
  there are
- `treatment`: section on predictive endpoints: whether a treatment works by marker
- `tuning`: settings that inner folds chose, arm by arm
- `validation`: section on internal validation: groups pooled, and bootstrap samples
"""
