"""Sections on the evaluation.

- `x`: y
"""
