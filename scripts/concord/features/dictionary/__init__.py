"""Dictionary of features: what each column measures, and in which unit.

- `conditions`: under which conditions the value of a feature means what its name says
- `dictionary`: what every feature column means: measurand, unit, code, recipe and
  software
- `foreign_names`: what pyradiomics and MIRP call our features, and where they mean
  another number
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "dictionary": ["describe_columns", "require_described", "unit"],
    },
)
