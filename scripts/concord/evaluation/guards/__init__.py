"""Guards of the evaluation: is there enough to learn from."""
