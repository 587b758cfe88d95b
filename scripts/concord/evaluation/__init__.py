"""Discrimination of predictions on evaluation rows, with confidence intervals."""
