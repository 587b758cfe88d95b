"""Any file that holds a frozen model: a document in JSON, or an equation in YAML."""

from pathlib import Path

from . import document
from .document import FrozenModel
from .published.reading import ENDINGS, read_published


def read_model(path: str | Path) -> FrozenModel:
    """Read a frozen model, or complete a published equation to one.

    Raises
    ------
    StudyError
        If the file holds neither.
    """
    if is_published(path):
        return read_published(path)
    return document.read(path)


def is_published(path: str | Path) -> bool:
    """True for a file of a published equation, by its ending."""
    return Path(path).suffix.lower() in ENDINGS
