"""Stand-alone file that scores by any frozen linear model."""

from ...provenance import RESOURCES
from ..document import FrozenModel

#: Python and numpy alone; the same for all models.
SCORE_FILE = RESOURCES / "score.py"
_ADAPTS = (
    "subjects of an unseen batch are scored after others of their batch have adapted "
    "the harmonization (unseen: adapt), which an equation cannot"
)


def score_file() -> str:
    """Text of the file."""
    return SCORE_FILE.read_text(encoding="utf-8")


def why_no_file(document: FrozenModel) -> str:
    """Reason why no stand-alone file can score by a model; empty if one can."""
    if document.equation is None:
        return document.equation_reason
    return _ADAPTS if document.equation.unseen == "adapt" else ""
