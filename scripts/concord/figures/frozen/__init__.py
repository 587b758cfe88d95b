"""Figures of frozen models."""
