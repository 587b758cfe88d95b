"""Figures of frozen models at another hospital."""
