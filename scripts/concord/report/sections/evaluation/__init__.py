"""Sections on the evaluation.

- `added_value`: section on added value: what an arm adds to another one, by several
  measures
- `calibration`: section on probabilities of one endpoint: calibration, by site, and
  squared error
- `calibration_tables`: tables of calibration and squared error of one endpoint
- `calibration_values`: words for values of calibration: with interval, at a horizon, or
  undefined
- `claims`: claims that an interval allows: shown, shown to be small, not shown
- `course`: course of survival of an endpoint: risk groups over time, effects that
  change
- `discrimination`: discrimination in detail: operating points, areas, C-indices and AUC
  at days
- `given`: section on predictions that another tool made, and what nobody can know of
  them
- `instability`: section on instability: what models of other samples would predict and
  select
- `multiverse`: section on the multiverse: where the headline stands among all analyses
- `operating_points`: operating points: thresholds chosen in development, and what they
  reach on others
- `plan`: section on the registered plan, what departs from it, and the sealed test set
- `recovered`: section on the planted facts of a demonstration, and whether they were
  found
- `subgroups`: section on subgroups and fairness of the headline arm
- `usefulness`: section on usefulness: what acting on a predicted risk is worth
"""
