"""Outcomes of a study: options of an endpoint, and the columns that they give."""
