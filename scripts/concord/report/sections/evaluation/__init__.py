"""Sections on the evaluation.

- `added_value`: section on added value: what an arm adds to another one, by several
  measures
- `claims`: claims that an interval allows: shown, shown to be small, not shown
- `usefulness`: section on usefulness: what acting on a predicted risk is worth
"""
