"""Sections on the evaluation.

- `course`: course of survival of an endpoint: risk groups over time, effects that
  change
"""
