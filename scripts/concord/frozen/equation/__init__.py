"""Equation of a frozen linear model."""
