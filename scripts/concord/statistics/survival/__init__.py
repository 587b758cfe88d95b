"""Course of survival: curves, restricted means, and effects that change with time.

- `cox_events`: cox model without penalty, event by event: what was expected of each,
  tied or not
- `kaplan_meier`: Kaplan-Meier curve of one group: survival with bands, its median and
  numbers
- `proportional_hazards`: test of proportional hazards: effects that change with time,
  as a score test
- `restricted_mean`: restricted mean survival time of a group: the area below its curve
  until a time
- `time_dependent_effect`: effect of a score over time: a log hazard ratio that may
  bend, with its band
"""
