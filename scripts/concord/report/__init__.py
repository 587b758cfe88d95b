"""The report: one HTML file whose every number comes from a table."""
