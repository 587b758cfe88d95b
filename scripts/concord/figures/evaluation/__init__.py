"""Figures of the evaluation.

- `calibration`: calibration of the headline arm, over all subjects and by group
- `decision_curve`: decision curves of the headline and the reference arm
- `declarations`: figures of the evaluation, in the order of the report; part of the
  catalogue
- `prediction_instability`: predictions, classes and calibration by models of other
  samples
- `reclassification`: risks by the headline arm against those by the reference arm
- `specification_curve`: every analysis at once, sorted by its value, and what each
  chooses
- `subgroup_forest`: discrimination and calibration of the headline arm in declared
  subgroups
- `time_dependent_auc`: AUC of cases by each day and controls at it, over time
- `time_dependent_effect`: effect of the scores over time, where hazards need not be
  proportional
"""
