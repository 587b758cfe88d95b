"""Section of the report on the checklists: how many items are filled; no score."""

from ..blocks import Link, Section, Table, section, table, text
from ..results import Results
from .filling import STATES
from .items import FILES, checklist

_SENTENCE = (
    "Reporting checklists were filled as far as the results and the configuration go; "
    "the authors complete and sign them. The counts are no score."
)


def checklists_section(results: Results) -> Section | None:
    """Counts by list and state, and links to the lists; nothing if none was filled."""
    given = set(results["checklist"]["checklist"])
    names = [name for name in FILES if name in given]
    if not names:
        return None
    links = [
        Link(f"checklists/{name}.html", f"{checklist(name).title}, filled as a draft")
        for name in names
    ]
    card = Link("data_card.html", "Data card of the study")
    counts = _counts(results, names)
    return section("checklists", "Checklists", text(_SENTENCE), counts, *links, card)


def _counts(results: Results, names: list[str]) -> Table:
    """Items of each list by their state."""
    rows = []
    for name in names:
        states = results.of("checklist", checklist=name)["state"]
        counted = [str(int((states == state).sum())) for state in STATES]
        rows.append([checklist(name).title, *counted])
    head = ["List", *map(str.capitalize, STATES)]
    return table("Items of each checklist", head, rows)
