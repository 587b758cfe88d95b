"""Figures in their places of the report, as their declarations say."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..figures.catalogue import CATALOGUE
from ..figures.declaration import FigureDeclaration
from .blocks import Block, Picture, Section, Table
from .results import Results


def with_pictures(section: Section, results: Results) -> Section:
    """A section with its figures, each behind the table that it belongs to.

    A figure whose table the section does not hold stands at its end.
    """
    blocks = list(section.blocks)
    first = 0
    for figure, endpoint in _figures_of(section, results):
        picture = _picture(results, figure, endpoint)
        if picture is None:
            continue
        place = first if not figure.after else _behind(blocks, figure, endpoint)
        first += 0 if figure.after else 1
        blocks.insert(place, picture)
    return replace(section, blocks=tuple(blocks))


def _figures_of(
    section: Section, results: Results
) -> Iterator[tuple[FigureDeclaration, str]]:
    """Figures of a section in the order of the catalogue, with their endpoint or ""."""
    for figure in CATALOGUE:
        for endpoint in results.endpoints if figure.endpoint_kinds else [""]:
            if figure.section.format(endpoint=endpoint) == section.anchor:
                yield figure, endpoint


def _behind(blocks: Sequence[Block], figure: FigureDeclaration, endpoint: str) -> int:
    """Place behind the last table of a kind, and behind figures that stand there."""
    places = [
        number
        for number, block in enumerate(blocks)
        if isinstance(block, Table)
        and block.shows == figure.after
        and block.endpoint in ("", endpoint)
    ]
    place = places[-1] + 1 if places else len(blocks)
    while place < len(blocks) and isinstance(blocks[place], Picture):
        place += 1
    return place


def _picture(
    results: Results, figure: FigureDeclaration, endpoint: str
) -> Picture | None:
    """A figure; None if it was not drawn, or from nothing."""
    stem = figure.stem.format(endpoint=endpoint)
    path = next((p for p in results.figures if Path(p).stem == stem), None)
    if path is None or _shows_nothing(results, figure, endpoint):
        return None
    encoded = base64.b64encode(Path(path).read_bytes()).decode("ascii")
    prefix = f"{results.endpoint_label(endpoint)}: " if endpoint else ""
    return Picture(
        source=f"data:image/svg+xml;base64,{encoded}",
        alt=prefix + figure.alternative,
        caption=prefix + figure.caption,
        aggregate=figure.aggregate,
    )


def _shows_nothing(results: Results, figure: FigureDeclaration, endpoint: str) -> bool:
    """True if the report has tables that the figure is drawn from, all of them empty.

    Of a figure of an endpoint, the rows of the endpoint count. Where the study measured
    nothing, a sentence of the section says so already.
    """
    known = [results[kind] for kind in figure.sources if results.has(kind)]
    if endpoint:
        known = [t[t["endpoint"] == endpoint] if "endpoint" in t else t for t in known]
    return bool(known) and all(table.empty for table in known)
