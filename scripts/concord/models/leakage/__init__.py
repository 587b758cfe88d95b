"""Leakage test: evaluation rows are perturbed, and nothing learnt may change.

- `fused_controls`: planted leaks of fused arms: those of their members, and weights of
  all rows
- `given`: folds and fits that the leakage test is given, with those of a bootstrap
  sample
- `inputs`: inputs of a fit, and the kinds of rows and columns in them that must be
  perturbed
- `leakage_test`: leakage test: perturbed evaluation rows must not change what is learnt
- `perturbations`: perturbations: input tables of a study with changed rows of some
  subjects
"""
