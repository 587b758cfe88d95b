"""Model card of a frozen model."""
