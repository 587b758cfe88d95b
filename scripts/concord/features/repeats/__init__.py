"""Measurements of one scan under other conditions: perturbed, on other grids, in other
bins."""
