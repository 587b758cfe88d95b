"""Any file that holds a frozen model: a document in JSON, or an equation in YAML."""

from pathlib import Path

from . import document
from .document import FrozenModel
from .naming import is_published


def read_model(path: str | Path) -> FrozenModel:
    """Read a frozen model, or complete a published equation to one.

    Raises
    ------
    StudyError
        If the file holds neither.
    """
    if is_published(path):
        # Completing an equation takes the code of pipelines, which few studies need.
        from .published.reading import read_published

        return read_published(path)
    return document.read(path)
