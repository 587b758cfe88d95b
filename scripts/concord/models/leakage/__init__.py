"""Leakage test: evaluation rows are perturbed, and nothing learnt may change.

- `leakage_test`: leakage test: perturbed evaluation rows must not change what is learnt
- `perturbations`: perturbations: input tables of a study with changed rows of some
  subjects
"""
