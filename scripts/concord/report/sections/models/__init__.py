"""Sections on models: tuning, fusion, treatment, competing risks, validation.

- `competing`: causes that compete: incidence, effects on hazard and incidence, tests of
  groups
- `tuning`: settings that inner folds chose, arm by arm
"""
