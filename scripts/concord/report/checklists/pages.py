"""Pages of a filled checklist: HTML that loads nothing, and Markdown."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from ..template import STYLE, policy
from .filling import NOT_EVIDENCED, Filled, counts
from .items import Checklist

HEAD = ("Item", "Section", "Asked for", "State", "Evidence or draft", "File", "Place")
#: Letters of a word that may be broken, and where.
_LONG = 20
_BREAKS = re.compile(r"([/_]|\.(?=[a-z*]))")
NOTE = (
    "Filled from the results and the configuration of the study. It is a draft for the "
    "authors, who complete, correct and sign it; no score is computed or claimed. The "
    "wording is Concord's own: read the items in their publication."
)


def markdown(study: str, checklist: Checklist, filled: list[Filled]) -> str:
    """A filled checklist as Markdown."""
    return "\n".join(
        [*_head(study, checklist, filled), *markdown_table(_cells(filled))]
    )


def markdown_table(
    rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD
) -> list[str]:
    """Lines of a table; the last one is empty."""
    lines = [
        head,
        ["---"] * len(head),
        *([_safe(cell) for cell in row] for row in rows),
    ]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def page(study: str, checklist: Checklist, filled: list[Filled]) -> str:
    """A filled checklist as one HTML file."""
    return html_page(
        f"{checklist.title}: {study}",
        [*_sentences(checklist), _counted(filled)],
        [("Items", HEAD, _cells(filled))],
    )


def html_page(
    title: str,
    paragraphs: Sequence[str],
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]],
) -> str:
    """A page of paragraphs and tables (caption, head, rows) in the report's style."""
    body = [f"<p>{escape(one)}</p>" for one in paragraphs if one]
    for caption, head, rows in tables:
        body += _table(caption, head, rows)
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(STYLE)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>\n</head>\n<body>",
            f"<header><h1>{escape(title)}</h1></header>\n<main>",
            *body,
            "</main>\n</body>\n</html>\n",
        ]
    )


def _table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    label = escape(caption)
    yield f'<div class="wide" role="region" aria-label="{label}" tabindex="0">'
    yield f"<table><caption>{label}</caption><thead><tr>"
    yield "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    yield "</tr></thead><tbody>"
    for first, *others in rows:
        cells = "".join(f"<td>{_breakable(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def _breakable(cell: str) -> str:
    """A cell whose long paths and keys may go on in the next line."""
    if all(len(word) < _LONG for word in cell.split()):
        return escape(cell)
    return _BREAKS.sub(r"\1<wbr>", escape(cell))


def _head(study: str, checklist: Checklist, filled: list[Filled]) -> Iterator[str]:
    yield from (f"# {checklist.title}: {study}", "")
    for sentence in (*_sentences(checklist), _counted(filled)):
        if sentence:
            yield from (sentence, "")


def _sentences(checklist: Checklist) -> tuple[str, ...]:
    source = f"Source: {'; '.join(checklist.sources)}."
    return NOTE, source, checklist.partial


def _counted(filled: list[Filled]) -> str:
    told = [f"{count} {state}" for state, count in counts(filled)]
    return f"{len(filled)} items: {', '.join(told)}."


def _cells(filled: list[Filled]) -> list[list[str]]:
    return [
        [
            one.item,
            one.section,
            one.words,
            one.state,
            f"Because {one.value}" if one.state == NOT_EVIDENCED else one.value,
            one.file,
            one.place,
        ]
        for one in filled
    ]


def _safe(cell: str) -> str:
    """A cell of Markdown in which no text of the study becomes markup."""
    cell = escape(" ".join(cell.split()), quote=False)
    for sign in "\\|*_`[]":
        cell = cell.replace(sign, f"\\{sign}")
    return cell
