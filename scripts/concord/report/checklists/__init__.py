"""Reporting checklists, filled from the facts of the study; no score is claimed."""
