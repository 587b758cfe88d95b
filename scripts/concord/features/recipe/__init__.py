"""Recipes as values: resolved from their section, hashed, in words, as columns."""
