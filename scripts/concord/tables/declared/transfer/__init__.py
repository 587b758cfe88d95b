"""Kinds of tables of frozen models at other hospitals.

- `external`: kinds of tables of external validation
- `predicted`: kinds of tables of subjects that frozen models are applied to
- `updating`: kinds of tables of updates of a model at another hospital
"""
