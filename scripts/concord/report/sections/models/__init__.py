"""Sections on models: tuning, fusion, treatment, competing risks, validation.

- `tuning`: settings that inner folds chose, arm by arm
- `validation`: section on internal validation: groups pooled, and bootstrap samples
"""
