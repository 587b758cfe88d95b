"""Blocks that sections of the report are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """One or more paragraphs."""

    paragraphs: tuple[str, ...]
    kind: str = "text"


@dataclass(frozen=True)
class Items:
    """A bulleted list."""

    items: tuple[str, ...]
    title: str = ""
    kind: str = "items"


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row names it.

    `shows` is the kind of the table of results that it is made from, and `endpoint`
    the endpoint that it is about, if it is about one: figures stand behind it. A table
    `of_people` has one row for each of them.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    folded: bool = False
    shows: str = ""
    endpoint: str = ""
    of_people: bool = False
    kind: str = "table"


@dataclass(frozen=True)
class Picture:
    """A figure, embedded as a data URI; an `aggregate` one shows no single person."""

    source: str
    alt: str
    caption: str
    aggregate: bool = False
    kind: str = "picture"


@dataclass(frozen=True)
class Link:
    """A link to another file of the results."""

    href: str
    words: str
    kind: str = "link"


@dataclass(frozen=True)
class Written:
    """A text in its own lines, such as formulas; it opens on request."""

    caption: str
    text: str
    kind: str = "written"


@dataclass(frozen=True)
class Banner:
    """A warning above everything else."""

    title: str
    text: str


Block = Text | Items | Table | Picture | Link | Written


@dataclass(frozen=True)
class Section:
    """A section with its anchor."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = field(default=())


def text(*paragraphs: str) -> Text:
    """Paragraphs, empty ones left out."""
    return Text(tuple(paragraph for paragraph in paragraphs if paragraph))


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    note: str = "",
    *,
    folded: bool = False,
    shows: str = "",
    endpoint: str = "",
    of_people: bool = False,
) -> Table:
    """A table of text cells; `folded` ones open on request."""
    cells = tuple(tuple(row) for row in rows)
    return Table(
        caption, tuple(columns), cells, note, folded, shows, endpoint, of_people
    )


def section(anchor: str, title: str, *blocks: Block | None) -> Section:
    """A section of the blocks that exist."""
    return Section(anchor, title, tuple(block for block in blocks if block))
