"""Sections on frozen models: those that a study writes, and those that it applies.

- `applied`: words for a study that applies frozen models: whose they are, and what they
  saw
- `frozen`: section on the models that a study writes for use elsewhere
- `predicted`: section on patients whom frozen models were applied to: scores, flags and
  risks
"""
