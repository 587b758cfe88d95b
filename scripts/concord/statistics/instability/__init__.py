"""Instability of models: stability of selected features, spread of predictions."""
