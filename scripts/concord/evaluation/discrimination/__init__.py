"""Discrimination in detail: operating points, C-indices and the AUC over time."""
