"""Sections on frozen models: those that a study writes, and those that it applies.

- `applied`: words for a study that applies frozen models: whose they are, and what they
  saw
- `external`: section on external validation: what was expected of frozen models, and
  found
- `external_tables`: tables of the section on external validation
- `external_values`: values of external validation as they are printed
- `frozen`: section on the models that a study writes for use elsewhere
- `predicted`: section on patients whom frozen models were applied to: scores, flags and
  risks
- `updating`: section on updates of frozen models: which is warranted, and what each
  repairs
"""
