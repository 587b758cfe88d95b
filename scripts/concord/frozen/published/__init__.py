"""Published equations as frozen models.

- `equation`: the equation as a fitted model: steps and estimates that no data were
  needed for
- `features`: features of a published equation: their full names, units and recipes
- `reading`: a published equation, read from YAML and made a frozen model
- `sections`: a published equation as it is written down: the sections of its file
"""
