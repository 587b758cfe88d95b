"""Competing risks: incidence of one of several causes, tests of groups, regression.

- `cumulative_incidence`: cumulative incidence of one of several causes: Aalen-Johansen,
  with its variance
- `fine_gray`: Fine-Gray model: proportional hazards of the subdistribution of one cause
- `gray`: test of Gray: differences of groups in the cumulative incidence of one cause
- `risk_table`: risk table: subjects at risk and events of each cause, by time and group
"""
