"""Sections on models: tuning, fusion, treatment, competing risks, validation.

- `fusion`: section on late fusion: weights of members, who lacks one, and what fusing
  gains
- `tuning`: settings that inner folds chose, arm by arm
"""
