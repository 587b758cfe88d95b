"""Sections on the evaluation.

- `multiverse`: section on the multiverse: where the headline stands among all analyses
"""
