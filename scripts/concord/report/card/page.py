"""Model card as one HTML file that needs nothing else."""

import base64
from pathlib import Path

from ...frozen.card.facts import NOT_A_DEVICE, Part, parts
from ...frozen.document import FrozenModel
from ..blocks import Banner, Block, Items, Picture, Section, section, table, text
from ..rendering import filled
from ..template import DARK, PAGE, STYLE

_STYLE = f"{STYLE}{DARK}td {{ overflow-wrap: anywhere; }}\n"
_FOOTER = 'Made by Concord on <time id="created">{{ created }}</time>. Every number'
_FOLDED = 12


def card_html(document: FrozenModel, nomogram: str | Path | None) -> str:
    """The card as a page that loads nothing and runs no script.

    Parameters
    ----------
    document : FrozenModel
        The model.
    nomogram : path or None
        SVG of its nomogram, if it has one.
    """
    found = [_section(part) for part in parts(document)]
    if nomogram is not None:
        found.insert(5, _figure(document, Path(nomogram)))
    template = PAGE.replace(_FOOTER, "Made by Concord. Every number").replace(
        "comes from a table of the study.", "comes from model.json."
    )
    return filled(
        template,
        title=f"Model card: {document.label}",
        authors=[],
        study=document.origin.study,
        style=_STYLE,
        banners=[Banner("Not a medical device", NOT_A_DEVICE)],
        sections=found,
        created="",
    )


def _section(part: Part) -> Section:
    anchor = part.title.lower().replace(" ", "-")
    blocks: list[Block] = [text(*part.paragraphs)] if part.paragraphs else []
    if part.items:
        blocks.append(Items(part.items))
    if part.rows:
        folded = len(part.rows) > _FOLDED
        blocks.append(table(part.title, part.columns, part.rows, folded=folded))
    return section(anchor, part.title, *blocks)


def _figure(document: FrozenModel, path: Path) -> Section:
    source = base64.b64encode(path.read_bytes()).decode("ascii")
    picture = Picture(
        f"data:image/svg+xml;base64,{source}",
        f"Nomogram of {document.label}; the same numbers are in equation.md.",
        "Points of each predictor over its range in development, their total, and the "
        "probability or risk at it.",
        aggregate=True,
    )
    return section("nomogram", "Nomogram", picture)
