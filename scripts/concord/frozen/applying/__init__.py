"""Application of frozen models to subjects of another study."""
