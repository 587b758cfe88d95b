"""Figures on models: tuning, treatment, competing risks, validation."""
