"""Sections on the evaluation."""
