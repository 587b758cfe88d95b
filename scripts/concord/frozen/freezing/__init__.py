"""Freezing of fitted models: one document for use elsewhere."""
