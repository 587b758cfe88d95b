"""Kinds of tables of subjects that frozen models are applied to."""

from ...columns import Column

KINDS: dict[str, dict[str, Column]] = {}
