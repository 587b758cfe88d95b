"""Course of survival: risk groups, and effects that change with time.

- `group_survival`: survival of risk groups: medians, survival at declared days,
  restricted means
- `hazards`: proportional hazards of scores and covariates, and their effects over time
- `log_rank_tests`: log-rank tests of risk groups, with p-values where others made the
  groups
- `sets`: evaluation sets: subjects that stand together once, and what their scores know
- `settings`: settings of rule survival_course
"""
