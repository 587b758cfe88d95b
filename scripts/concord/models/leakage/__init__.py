"""Leakage test: evaluation rows are perturbed, and nothing learnt may change.

- `leakage_test`: proof that evaluation subjects leave no trace in what is learnt
- `perturbations`: attacks: the input tables of a study with the evaluation subjects
  poisoned
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "leakage_test": ["prove"],
    },
)
