"""Sections on the evaluation.

- `given`: section on predictions that another tool made, and what nobody can know of
  them
"""
