"""Data card of a study: sites, scanners, counts, exclusions and declared licence."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from ... import tables
from .. import numbers as n
from ..blocks import Block, Section, Table, section, table, text
from ..checklists.pages import html_page, markdown_table
from ..small_cells import Hiding

#: Facts that tell a scanner, in their order.
SCANNER = ("modality", "Manufacturer", "ManufacturersModelName", "SoftwareVersions")
UNDECLARED = (
    "No licence or terms of use were declared (report.data_licence). Ask the owners "
    "of the data before any use."
)


def card(
    paths: Mapping[str, Sequence[str]], licence: str, demonstration: str | None
) -> Section:
    """Card of the data of a study.

    Parameters
    ----------
    paths : mapping
        Files by kind of table, and of `cohort`, as far as the study has them.
    licence : str
        Licence or terms, as declared.
    demonstration : str, optional
        What a demonstration says of itself.
    """
    cohort = tables.read_sheet(paths["cohort"][0])
    blocks: list[Block | None] = [
        text(demonstration or "", f"Licence: {licence}." if licence else UNDECLARED),
        _subjects(cohort),
        text(_sealed(paths)),
        _scanners(_read(paths, "acquisition")),
        _exclusions(_read(paths, "exclusions")),
    ]
    return section("data", "Data card", *blocks)


def as_html(study: str, found: Section, smallest_cell: int) -> str:
    """The card as one HTML file, without counts below the smallest cell."""
    shown = Hiding(smallest_cell).section(found)
    grids = [
        (b.caption, b.columns, b.rows) for b in shown.blocks if isinstance(b, Table)
    ]
    return html_page(f"Data card: {study}", list(_paragraphs(shown)), grids)


def as_markdown(study: str, found: Section, smallest_cell: int) -> str:
    """The card as Markdown, without counts below the smallest cell."""
    shown = Hiding(smallest_cell).section(found)
    lines = [f"# Data card: {study}", ""]
    for sentence in _paragraphs(shown):
        lines += [sentence, ""]
    for block in shown.blocks:
        if isinstance(block, Table):
            head = [name or " " for name in block.columns]
            lines += [f"## {block.caption}", "", *markdown_table(block.rows, head)]
    return "\n".join(lines)


def _paragraphs(shown: Section) -> Iterator[str]:
    for block in shown.blocks:
        yield from getattr(block, "paragraphs", ())


def _read(paths: Mapping[str, Sequence[str]], kind: str) -> pd.DataFrame:
    return tables.read_all(list(paths.get(kind, [])), kind)


def _subjects(cohort: pd.DataFrame) -> Table:
    """Subjects and events by site."""
    sites = sorted(cohort["site"].dropna().unique())
    parts = [*(cohort[cohort["site"] == site] for site in sites), cohort]
    rows = [["Subjects", *(str(len(part)) for part in parts)]]
    for column in sorted(
        name for name in map(str, cohort) if name.startswith("event.")
    ):
        events = (pd.to_numeric(part[column], errors="coerce").sum() for part in parts)
        label = f"{column.removeprefix('event.')}: events"
        rows.append([label, *(str(int(one)) for one in events)])
    return table("Subjects by site", ["", *sites, "All"], rows)


def _sealed(paths: Mapping[str, Sequence[str]]) -> str:
    count = len(_read(paths, "sealed_subjects"))
    return (
        f"{n.plural(count, 'sealed subject')} more are counted nowhere."
        if count
        else ""
    )


def _scanners(acquisition: pd.DataFrame) -> Block:
    """Images by site and scanner, as the headers tell them."""
    if acquisition.empty:
        return text("No image was ingested, so no scanner is known from headers.")
    facts = acquisition[["site", *SCANNER]].astype("string").fillna("not stated")
    rows = _counted(facts, ["site", *SCANNER])
    head = ["Site", "Modality", "Manufacturer", "Model", "Software", "Images"]
    return table("Images by scanner", head, rows)


def _exclusions(exclusions: pd.DataFrame) -> Block:
    """Exclusions by stage and code."""
    if exclusions.empty:
        return text("Nothing was excluded.")
    rows = _counted(exclusions, ["stage", "code"])
    return table("Exclusions", ["Stage", "Code", "Exclusions"], rows)


def _counted(rows: pd.DataFrame, columns: list[str]) -> list[list[str]]:
    """Rows of each combination of some columns, sorted, with their count last."""
    counted = rows.groupby(columns, sort=True).size().reset_index()
    return [[str(cell) for cell in row] for row in counted.itertuples(index=False)]
