"""Formulas of updates of a model: recalibration, and which of it is warranted."""
