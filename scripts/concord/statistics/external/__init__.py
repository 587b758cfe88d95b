"""A model in subjects from elsewhere."""
