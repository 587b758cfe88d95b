"""Frozen model that holds its score written out, as its maker writes it.

Readers of documents take the equation from there, and need no code that fits models.
"""

from ..document import FrozenModel
from .collapse import equation_of, why_none


def with_equation(document: FrozenModel) -> FrozenModel:
    """The document with its equation, or the reason why there is none, and its hash."""
    estimates = document.estimates
    found = {
        "equation": equation_of(estimates),
        "equation_reason": why_none(estimates),
    }
    return document.model_copy(update=found).hashed()
