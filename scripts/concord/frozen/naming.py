"""Kinds of files of frozen models, by their endings."""

from pathlib import Path

#: Endings of published equations.
PUBLISHED = (".yaml", ".yml")


def is_published(path: str | Path) -> bool:
    """True for a file of a published equation."""
    return Path(path).suffix.lower() in PUBLISHED
