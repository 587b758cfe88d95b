"""Meaning of every feature column: measurand, unit, conditions, foreign names.

- `conditions`: conditions under which the value of a feature means what its name says
- `dictionary`: meaning of every feature column: measurand, unit, code, recipe and
  software
- `foreign_names`: names of our features in pyradiomics and MIRP, and where they mean
  another number
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "dictionary": ["describe_columns", "require_described", "unit"],
    },
)
