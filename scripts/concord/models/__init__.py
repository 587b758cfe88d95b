"""Folds, predictors and penalized models, fitted inside development sets."""
