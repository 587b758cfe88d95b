"""Model card as Markdown."""

from ..document import FrozenModel
from ..equation.markdown import cell, table
from .facts import parts


def card_page(document: FrozenModel) -> str:
    """The card; all names in it are escaped."""
    lines = [f"# Model card: {cell(document.label)}", ""]
    for part in parts(document):
        lines += [f"## {cell(part.title)}", ""]
        for paragraph in part.paragraphs:
            lines += [cell(paragraph), ""]
        lines += [f"- {cell(one)}" for one in part.items]
        if part.items:
            lines.append("")
        if part.rows:
            lines += table(part.columns, part.rows)
    return "\n".join(lines).rstrip() + "\n"
