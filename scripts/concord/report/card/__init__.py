"""Model card as a page."""
