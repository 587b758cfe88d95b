"""The study's configuration: its model, its sheets, and the documents made of it."""
