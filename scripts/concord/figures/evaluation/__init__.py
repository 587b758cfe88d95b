"""Figures of the evaluation.

- `x`: y
"""
