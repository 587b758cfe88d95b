"""Sections on frozen models: those that a study writes, and those that it applies.

- `applied`: words for a study that applies frozen models: whose they are, and what they
  saw
- `updating`: section on updates of frozen models: which is warranted, and what each
  repairs
"""
