"""Sections on the evaluation.

- `instability`: section on instability: what models of other samples would predict and
  select
- `subgroups`: section on subgroups and fairness of the headline arm
"""
