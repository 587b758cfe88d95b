"""Subgroups and fairness: the same metrics by subgroup, with tests of interaction.

- `checks`: faults of declared subgroups: unknown variables, and bands that are none
- `estimates`: estimate of a measure in a subgroup: mean over repeats, error and
  interval
- `fairness`: fairness: sensitivity, specificity and predictive values by subgroup
- `horizons`: outcomes by a horizon: pseudo-values, and status with weights for the
  censored
- `interaction`: test of whether a measure differs between subgroups, beyond chance
- `judged`: arms of an endpoint judged in all declared subgroups, as tables
- `levels`: subgroup of each subject of a cohort, by one variable
- `measures`: measures of a subgroup: discrimination within folds, calibration, Brier
  score
- `settings`: settings of subgroups: what they are made by, their smallest size, and
  their rule
- `subgroups`: metrics of arms by declared subgroups, and tests of whether subgroups
  differ
"""
