"""Sections on models: tuning, fusion, treatment, competing risks, validation.

- `treatment`: section on predictive endpoints: whether a treatment works by marker
- `tuning`: settings that inner folds chose, arm by arm
"""
