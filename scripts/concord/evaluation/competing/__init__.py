"""Causes that compete: incidence, effects of both kinds and tests of groups.

- `effects`: effects on one of several causes: on its hazard, and on its cumulative
  incidence
- `outcomes`: outcomes with competing causes: time and code of the subjects who have
  both
- `settings`: settings of rule competing_risks
- `tables`: tables of competing risks: cumulative incidence, effects, and tests of
  groups
- `variables`: variables whose effects on the causes are told: covariates, factors and
  scores
"""
