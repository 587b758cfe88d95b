"""Kinds of tables of updates of a model at another hospital."""

from ...columns import Column

KINDS: dict[str, dict[str, Column]] = {}
