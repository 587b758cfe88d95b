"""Counts of people below a smallest cell, hidden on a page that is meant to leave.

- `hiding`: the page without small counts: tables, sentences, warnings and figures
- `matrix`: hidden cells of a table: those of few people, and those that a total would
  tell
- `words`: counts of people in sentences and cells, and what stands in their place
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {"hiding": ["Hiding"]},
)
