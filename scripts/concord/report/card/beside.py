"""Folder that describes a model: card, equation, stand-alone file, nomogram."""

from pathlib import Path

from ... import files
from ...figures.frozen import nomogram
from ...figures.settings import FigureStyle
from ...figures.style import write
from ...frozen.card.markdown import card_page
from ...frozen.document import FrozenModel, read
from ...frozen.equation.files import SCORE_FILE, score_file, why_no_file
from ...frozen.equation.points import why_no_nomogram
from ...frozen.equation.printed import equation_page
from .page import card_html

_FIGURES = tuple(f"nomogram.{kind}" for kind in ("svg", "pdf", "png"))


def describe(
    document: FrozenModel, folder: str | Path, style: FigureStyle | None = None
) -> None:
    """Write all files of a model; those that it cannot have are removed.

    Parameters
    ----------
    document : FrozenModel
        The model.
    folder : path
        Where the files are written, which is made if it is not there.
    style : FigureStyle, optional
        Of the nomogram.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figures = [str(folder / name) for name in _FIGURES]
    for name in (*_FIGURES, SCORE_FILE.name):
        (folder / name).unlink(missing_ok=True)
    if not why_no_file(document):
        files.write_text(score_file(), folder / SCORE_FILE.name)
    draws = not why_no_nomogram(document)
    if draws:
        write(figures, nomogram.draw, document, style or FigureStyle())
    files.write_text(card_page(document), folder / "card.md")
    picture = figures[0] if draws else None
    files.write_text(card_html(document, picture), folder / "card.html")
    files.write_text(equation_page(document), folder / "equation.md")


def describe_all(
    models: str | Path, folder: str | Path, style: FigureStyle | None = None
) -> None:
    """Describe every model.json of a folder, in a folder like it."""
    models = Path(models)
    for path in sorted(models.rglob("model.json")):
        describe(read(path), Path(folder) / path.parent.relative_to(models), style)
