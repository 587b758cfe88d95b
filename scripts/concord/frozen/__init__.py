"""Frozen models: one document that predicts where the study's data do not exist."""
