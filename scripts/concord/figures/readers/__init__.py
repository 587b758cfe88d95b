"""Figures on readers: agreement of segmentations, and of predictions from them."""
