"""Frozen models as a study names them: a document, or a published equation."""

from pathlib import Path

from . import document
from .document import FrozenModel
from .published.reading import read_published

#: How the names of published equations end.
EQUATIONS = (".yaml", ".yml")


def is_equation(path: str | Path) -> bool:
    """True if a file is a published equation and not yet a document."""
    return str(path).lower().endswith(EQUATIONS)


def read_model(path: str | Path) -> FrozenModel:
    """The frozen model of a file; see `document.read` and `read_published`.

    Raises
    ------
    StudyError
        If the file is not valid.
    """
    return read_published(path) if is_equation(path) else document.read(path)
