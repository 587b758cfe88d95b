"""Figures by their name, and those that a study has."""

from ..errors import StudyError
from .catalogue import CATALOGUE
from .declaration import FigureDeclaration, StudyTraits


def declared(name: str) -> FigureDeclaration:
    """Declaration of a figure.

    Raises
    ------
    StudyError
        If no figure has this name.
    """
    for figure in CATALOGUE:
        if figure.name == name:
            return figure
    raise StudyError(
        f"figure {name!r} is not declared in scripts/concord/figures/catalogue.py; "
        f"declared are {', '.join(figure.name for figure in CATALOGUE)}. Declare it "
        "there with its captions and its place in the report"
    )


def figure_stems(study: StudyTraits) -> list[str]:
    """Names of the files, without ending, of all figures that a study has."""
    return [stem for figure in CATALOGUE for stem in figure.stems(study)]
