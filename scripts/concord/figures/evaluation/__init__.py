"""Figures of the evaluation.

- `declarations`: figures of the evaluation, in the order of the report; part of the
  catalogue
- `prediction_instability`: predictions, classes and calibration by models of other
  samples
- `subgroup_forest`: discrimination and calibration of the headline arm in declared
  subgroups
"""
