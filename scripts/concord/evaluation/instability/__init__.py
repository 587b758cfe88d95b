"""Instability: models of other samples of the same subjects, and what they change."""
