"""Outcomes with times: censoring, courses, and what scores and risks tell of them.

- `brier`: brier score of risks at a horizon, with weights for censoring and its
  influences
- `censoring`: distribution of censoring, and what its estimate adds to the error of
  weights
- `censoring_survival`: Kaplan-Meier estimate of the time to censoring: probability of
  being followed on
- `concordance`: pairs of outcomes with times: C-indices up to a day, and the AUC at a
  day
- `cox_events`: cox model without penalty, event by event: what was expected of each,
  tied or not
- `kaplan_meier`: Kaplan-Meier curve of one group: survival with bands, its median and
  numbers
- `proportional_hazards`: test of proportional hazards: effects that change with time,
  as a score test
- `pseudo_values`: pseudo-observations of the risk at a horizon, with and without
  competing causes
- `restricted_mean`: restricted mean survival time of a group: the area below its curve
  until a time
- `time_dependent_effect`: effect of a score over time: a log hazard ratio that may
  bend, with its band
"""
