"""Model card as one HTML file that needs nothing else."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from ...frozen.card.facts import NOT_A_DEVICE, Part, parts
from ...frozen.document import FrozenModel
from ..blocks import Banner, Block, Items, Picture, Section, section, table, text
from ..template import PAGE, STYLE

_DARK = """
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #b0b0b0; --line: #444; --band: #222629;
    --accent: #6cb8ee; }
  body, .skip:focus { background: #16181a; }
  .banner { background: #33241a; }
  figure img { background: #fff; padding: 6px; }
}
td { overflow-wrap: anywhere; }
"""
_STYLE = STYLE + _DARK
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
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
    page = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).from_string(template)
    return page.render(
        title=f"Model card: {document.label}",
        authors=[],
        study=document.origin.study,
        policy=_POLICY,
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
