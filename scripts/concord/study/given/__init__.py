"""Studies of given predictions: what they cannot have, and the models of the table.

- `section`: faults between the section `predictions` and the others of a configuration
- `table`: given predictions as the workflow sees them: faults of columns, names of
  models
"""
