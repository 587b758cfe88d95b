"""Stand-alone file that scores by any frozen linear model."""

from ...provenance import RESOURCES

#: Python and numpy alone; the same for all models.
SCORE_FILE = RESOURCES / "score.py"


def score_file() -> str:
    """Text of the file."""
    return SCORE_FILE.read_text(encoding="utf-8")
