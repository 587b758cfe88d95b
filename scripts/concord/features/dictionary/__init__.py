"""Meaning of every feature column: measurand, unit, conditions, foreign names."""
