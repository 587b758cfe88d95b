"""Utility of predictions: decision curves and clinical impact.

- `x`: y
"""
