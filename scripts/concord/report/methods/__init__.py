"""Methods paragraphs, drafted from the clauses of the settings and from tables."""

from .measurement import recipe_sentence
from .paragraphs import methods_section

__all__ = ["methods_section", "recipe_sentence"]
