"""Subgroups: recalibration of predictions, and tests of how far values differ."""
