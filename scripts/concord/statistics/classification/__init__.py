"""Classification: thresholds of scores, and what is called high by them."""
