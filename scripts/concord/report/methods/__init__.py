"""Methods paragraphs, drafted from the clauses of the settings and from tables.

- `endpoints`: methods of endpoints with strata or a horizon, and of the sample size
- `measurement`: methods of what was measured: recipes, regions made of others,
  stability
- `models`: methods of models: arms, harmonization, validation, from the settings'
  clauses
- `paragraphs`: the methods paragraphs, from configuration and tables; no number is
  typed
- `probabilities`: methods of calibration and squared error, where there are
  probabilities
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "measurement": ["recipe_sentence"],
        "paragraphs": ["methods_section"],
    },
)
