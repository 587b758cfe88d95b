"""Sections on models: tuning, fusion, treatment, competing risks, validation."""
