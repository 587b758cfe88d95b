"""Sections on frozen models: those that a study writes, and those that it applies.

- `applied`: words for a study that applies frozen models: whose they are, and what they
  saw
"""
