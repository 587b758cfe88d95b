"""Kinds of tables of external validation."""

from ...columns import Column

KINDS: dict[str, dict[str, Column]] = {}
